import { render } from 'preact'
import { App } from './view/app.tsx'
import { makeHost } from './host.ts'
import { applyLook } from './look.ts'
import { readPageSettings, textOf, UnknownPlaceError } from './page-settings.ts'
import { openScriptSide, type ScriptApi } from './script-api.ts'
import { readTag } from './tag.ts'
import { Unavailable } from './view/unavailable.tsx'
import { speak, words } from './words/index.ts'

declare global {
  interface Window {
    /** Set by the page around: resolves to the token of its own sign-in. */
    parleySignIn?: () => Promise<string>
    parley?: ScriptApi
  }
}

const tag = readTag(document.currentScript as HTMLScriptElement)
const script = openScriptSide()
window.parley = script.api
speak(tag.language)

async function start(): Promise<void> {
  const { host, root } = makeHost(tag)
  if (tag.isPage) render(<p class="loading">{words.connecting}</p>, root)
  try {
    if (tag.channel === 'chat' && !tag.skillId) throw new UnknownPlaceError(words.noChatSkill)
    const settings = await readPageSettings(tag)
    applyLook(host, settings)
    if (tag.isPage) document.title = textOf(settings, tag.language, 'title') ?? words.title
    render(<App tag={tag} settings={settings} script={script} />, root)
  } catch (error) {
    if (!(error instanceof UnknownPlaceError)) throw error
    render(<Unavailable reason={error.message} isPage={tag.isPage} />, root)
  }
}

const whenReady = () => void start()
if (document.readyState === 'loading') addEventListener('DOMContentLoaded', whenReady)
else whenReady()
