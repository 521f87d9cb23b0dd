import { useEffect, useRef, useState } from 'preact/hooks'
import { Composer } from '../view/composer.tsx'
import { words } from '../view/words.ts'
import type { ChatSession } from './session.ts'
import type { ChatEntry, ChatState } from './state.ts'
import { StartForm } from './start-form.tsx'
import { Survey } from './survey.tsx'

export interface ChatWindowProps {
  session: ChatSession
  onClose?: (() => void) | undefined
}

function useChat(session: ChatSession): ChatState {
  const [state, setState] = useState(session.state())
  useEffect(() => session.subscribe(() => setState(session.state())), [session])
  return state
}

/** A live chat from its first question to its survey. */
export function ChatWindow({ session, onClose }: ChatWindowProps) {
  const { chat, entries, pending, isTyping, isLost, form, notice } = useChat(session)
  const bottom = useRef<HTMLDivElement>(null)
  useEffect(
    () => bottom.current?.scrollIntoView({ block: 'end' }),
    [entries.length, pending.length, form],
  )
  const isRunning = chat !== undefined && chat.stage !== 'ended'

  return (
    <section class="window" aria-label={words.chat}>
      <header>
        <h1>{chat ? `${words.chat}: ${chat.agentName ?? chat.skillName}` : words.chat}</h1>
        {isRunning && (
          <button type="button" onClick={() => void session.end()}>
            {words.endChat}
          </button>
        )}
        {onClose && (
          <button type="button" aria-label={words.close} onClick={onClose}>
            <span aria-hidden="true">×</span>
          </button>
        )}
      </header>
      <p class="banner" role="status" hidden={!isLost && chat?.stage !== 'waiting'}>
        {isLost ? words.lost : chat?.stage === 'waiting' ? words.waiting : ''}
      </p>
      {notice && (
        <p role="alert" class="notice">
          {notice}
        </p>
      )}
      {chat && (
        <div class="scroller" tabIndex={0} role="log" aria-label={words.chat} aria-live="polite">
          <ol>
            {entries.map((entry) => (
              <Entry key={entry.sequence} entry={entry} />
            ))}
            {pending.map(({ lineId, text }) => (
              <li key={lineId} class="own">
                <p class="bubble">{text}</p>
                <small>
                  <em>{words.notSentYet}</em>
                </small>
              </li>
            ))}
          </ol>
          <p class="typing">
            {isTyping && `${chat.agentName ?? words.roles['AGENT']} ${words.typing}`}
          </p>
          {form && <Survey form={form} onSubmit={(survey) => void session.submit(survey)} />}
          {chat.survey === 'submitted' && <p role="status">{words.thanks}</p>}
          <div ref={bottom} />
        </div>
      )}
      {!chat && <StartForm onStart={(about) => void session.start(about)} />}
      {isRunning && <Composer onSay={session.say} onTyping={session.typing} />}
      {chat?.stage === 'ended' && (
        <footer>
          <button type="button" class={form ? '' : 'primary'} onClick={session.startAgain}>
            {words.startChatAgain}
          </button>
        </footer>
      )}
    </section>
  )
}

function Entry({ entry }: { entry: ChatEntry }) {
  const time = new Date(entry.at)
  const clock = (
    <small>
      <time dateTime={entry.at}>
        {time.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })}
      </time>
    </small>
  )
  switch (entry.type) {
    case 'line':
      return (
        <li class={entry.by === 'CONSUMER' ? 'own' : 'other'}>
          <span class="visually-hidden">{entry.by === 'CONSUMER' ? words.you : entry.name}: </span>
          <p class="bubble">{entry.text}</p>
          {clock}
        </li>
      )
    case 'accepted':
      return <li class="system">{words.accepted(entry.name)}</li>
    case 'transferred':
      return <li class="system">{words.transferred(entry.skillName)}</li>
    case 'ended':
      return <li class="system">{words.chatEnded}</li>
  }
}
