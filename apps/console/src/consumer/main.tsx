import { type JSX, render } from 'preact'
import { ChatWindow } from './chat/chat-window.tsx'
import { openChatSession } from './chat/session.ts'
import type { Place } from './identity.ts'
import { openSession } from './session.ts'
import style from './style.css'
import { Launcher } from './view/launcher.tsx'
import { Window } from './view/window.tsx'

declare global {
  interface Window {
    /** Set by the page around: resolves to the token of its own sign-in. */
    parleySignIn?: () => Promise<string>
  }
}

/**
 * The tag that embeds the window: `<script src="…/consumer.js" data-account="12345678" data-skill="1001"></script>`;
 * with `data-channel="chat"` it is a live chat.
 */
const tag = document.currentScript as HTMLScriptElement

async function start(): Promise<void> {
  const { account, page } = tag.dataset
  if (!account) throw new Error('The script tag needs data-account')
  const place = { origin: new URL(tag.src).origin, accountId: account }
  const view = tag.dataset.channel === 'chat' ? chatView(place) : await messagingView(place)

  const host = document.createElement(page === undefined ? 'div' : 'main')
  // A shadow root keeps the page's styles out and ours in.
  const root = host.attachShadow({ mode: 'open' })
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(style)
  root.adoptedStyleSheets = [sheet]
  if (page !== undefined) host.style.cssText = 'display:block;height:100%'
  document.body.append(host)
  render(page === undefined ? <Launcher>{view}</Launcher> : view(), root)
}

type View = (close?: () => void) => JSX.Element

async function messagingView(place: Place): Promise<View> {
  const { skill: skillId, language, signIn } = tag.dataset
  const session = await openSession({ ...place, skillId, language })
  const signInWith = signIn === undefined ? undefined : { ask: window.parleySignIn }
  return (close) => <Window session={session} signIn={signInWith} onClose={close} />
}

function chatView(place: Place): View {
  const { skill: skillId } = tag.dataset
  if (!skillId) throw new Error('A chat needs data-skill')
  const session = openChatSession({ ...place, skillId })
  return (close) => <ChatWindow session={session} onClose={close} />
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
