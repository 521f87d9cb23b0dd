import { render } from 'preact'
import { useState } from 'preact/hooks'
import { openDraft } from '../draft.ts'
import { makeHost } from '../host.ts'
import { applyLook } from '../look.ts'
import { type PageSettings, textOf } from '../page-settings.ts'
import { readTag } from '../tag.ts'
import { Launcher } from '../view/launcher.tsx'
import { Window } from '../view/window.tsx'
import { speak, words } from '../words/index.ts'
import { PREVIEW_READY, PreviewScene } from './scene.ts'
import { openStillSession } from './still-session.ts'

const MAX_FILE_BYTES = 5_242_880

const tag = readTag(document.currentScript as HTMLScriptElement)
speak(tag.language)
const session = openStillSession()
const draft = openDraft()
// It is a part of the console's page, which has its own main part.
const { host, root } = makeHost(tag, 'div')

function Preview({ look, isOpen, isEmbedded }: PreviewScene) {
  const [isShown, setShown] = useState(true)
  const at = new Date().toISOString()
  const settings: PageSettings = {
    look,
    hours: { isOpen, at },
    files: { maxBytes: MAX_FILE_BYTES },
  }
  const view = (
    <Window
      session={session}
      draft={draft}
      settings={settings}
      title={textOf(settings, tag.language, 'title') ?? words.title}
      greeting={textOf(settings, tag.language, 'greeting')}
      closed={textOf(settings, tag.language, 'closed')}
      answerTime={textOf(settings, tag.language, 'answerTime')}
      signIn={undefined}
      onClose={isEmbedded ? () => setShown(false) : undefined}
    />
  )
  if (!isEmbedded) return view
  return (
    <Launcher
      isOpen={isShown}
      unread={0}
      position={look.position}
      label={textOf(settings, tag.language, 'launcher')}
      onOpen={() => setShown(true)}
      onClose={() => setShown(false)}
    >
      {view}
    </Launcher>
  )
}

let told = ''
addEventListener('message', ({ origin, source, data }: MessageEvent<unknown>) => {
  if (origin !== location.origin || source !== parent) return
  const scene = PreviewScene.safeParse(data)
  if (!scene.success) return
  const lines = JSON.stringify(scene.data.lines)
  if (lines !== told) session.show(scene.data.lines)
  told = lines
  applyLook(host, scene.data)
  render(<Preview {...scene.data} />, root)
})
parent.postMessage({ type: PREVIEW_READY }, location.origin)
