import { render } from 'preact'
import { openSession, type Wanted } from './session.ts'
import style from './style.css'
import { Launcher } from './view/launcher.tsx'
import { Window } from './view/window.tsx'

declare global {
  interface Window {
    /** Set by the page around: resolves to the token of its own sign-in. */
    parleySignIn?: () => Promise<string>
  }
}

/** The tag that embeds the window: `<script src="…/consumer.js" data-account="12345678" data-skill="1001"></script>` */
const tag = document.currentScript as HTMLScriptElement

async function start(): Promise<void> {
  const { account, skill, language, page, signIn } = tag.dataset
  if (!account) throw new Error('Parley: the script tag needs data-account')
  const wanted: Wanted = {
    origin: new URL(tag.src).origin,
    accountId: account,
    skillId: skill,
    language,
  }
  const host = document.createElement(page === undefined ? 'div' : 'main')
  // A shadow root keeps the page's styles out and ours in.
  const root = host.attachShadow({ mode: 'open' })
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(style)
  root.adoptedStyleSheets = [sheet]
  const session = await openSession(wanted)
  const props = {
    session,
    signIn: signIn === undefined ? undefined : { ask: window.parleySignIn },
  }
  if (page !== undefined) host.style.cssText = 'display:block;height:100%'
  document.body.append(host)
  render(page === undefined ? <Launcher {...props} /> : <Window {...props} />, root)
}

function tellProblem(error: unknown): void {
  const line = document.createElement('p')
  line.role = 'alert'
  line.textContent = `The messages could not be opened: ${String(error)}`
  document.body.append(line)
}

const whenReady = () => void start().catch(tellProblem)
if (document.readyState === 'loading') addEventListener('DOMContentLoaded', whenReady)
else whenReady()
