import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { ChatWindow } from '../chat/chat-window.tsx'
import { type ChatSession, openChatSession } from '../chat/session.ts'
import { openDraft } from '../draft.ts'
import { isReturning, keyOf } from '../identity.ts'
import { type PageSettings, textOf } from '../page-settings.ts'
import type { ScriptSide } from '../script-api.ts'
import { openSession, type Session } from '../session.ts'
import type { Tag } from '../tag.ts'
import { words } from '../words/index.ts'
import { Launcher } from './launcher.tsx'
import { Shell } from './shell.tsx'
import { unreadCount } from './timeline.ts'
import { tellScripts } from './tell-scripts.ts'
import { useSettings } from './use-settings.ts'
import { useUnreadTitle } from './use-unread-title.ts'
import { Window } from './window.tsx'

export interface AppProps {
  tag: Tag
  settings: PageSettings
  script: ScriptSide
}

/** The window, as a page of its own or behind a button in the corner of another page. */
export function App({ tag, settings: first, script }: AppProps) {
  const [isOpen, setOpen] = useState(tag.isPage)
  const [draft] = useState(() => openDraft(keyOf(tag, `draft ${tag.channel}`)))
  const [session, setSession] = useState<Session>()
  const [chat, setChat] = useState<ChatSession>()
  const settings = useSettings(tag, first, session)
  const [unread, setUnread] = useState(0)
  const hasBegun = useRef(false)

  function show(isShown: boolean): void {
    if (tag.isPage || isShown === isOpen) return
    setOpen(isShown)
    script.emit(isShown ? 'open' : 'close', undefined)
  }

  // Only who opens the window, or has written before, needs a connection.
  const isNeeded = isOpen || isReturning(tag)
  useEffect(() => {
    if (!isNeeded || hasBegun.current) return
    hasBegun.current = true
    if (tag.channel === 'messaging') void begin()
    else if (tag.skillId !== undefined) setChat(openChatSession({ ...tag, skillId: tag.skillId }))
  }, [isNeeded])

  async function begin(): Promise<void> {
    const opened = await openSession({ ...tag, maxFileBytes: settings.files.maxBytes })
    tellScripts(opened, script)
    opened.subscribe(() => setUnread(unreadCount(opened.state())))
    setSession(opened)
  }

  const calls = { open: () => show(true), close: () => show(false), prefill: draft.prefill }
  const latest = useRef(calls)
  latest.current = calls
  useEffect(() => {
    script.connect({
      open: () => latest.current.open(),
      close: () => latest.current.close(),
      prefill: (text) => latest.current.prefill(text),
    })
  }, [])
  useUnreadTitle(unread)

  const onClose = tag.isPage ? undefined : () => show(false)
  const title = textOf(settings, tag.language, 'title')
  const view = session ? (
    <Window
      session={session}
      draft={draft}
      settings={settings}
      title={title ?? words.title}
      greeting={textOf(settings, tag.language, 'greeting')}
      closed={textOf(settings, tag.language, 'closed')}
      answerTime={textOf(settings, tag.language, 'answerTime')}
      signIn={tag.signsIn ? { ask: window.parleySignIn } : undefined}
      onClose={onClose}
    />
  ) : chat ? (
    <ChatWindow session={chat} draft={draft} title={title} onClose={onClose} />
  ) : (
    <Connecting title={title ?? words.title} onClose={onClose} />
  )
  if (tag.isPage) return view
  return (
    <Launcher
      isOpen={isOpen}
      unread={unread}
      position={settings.look.position}
      label={textOf(settings, tag.language, 'launcher')}
      onOpen={() => show(true)}
      onClose={() => show(false)}
    >
      {view}
    </Launcher>
  )
}

/** As long as there is no session. It has the focus, so that Escape closes it. */
function Connecting({ title, onClose }: { title: string; onClose: (() => void) | undefined }) {
  const box = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    if (onClose) box.current?.querySelector<HTMLElement>('h2')?.focus()
  }, [])
  return (
    <div ref={box} class="frame">
      <Shell title={title} onClose={onClose}>
        <p class="banner" role="status">
          {words.connecting}
        </p>
      </Shell>
    </div>
  )
}
