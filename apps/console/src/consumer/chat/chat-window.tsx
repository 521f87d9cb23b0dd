import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Draft } from '../draft.ts'
import { Avatar } from '../view/avatar.tsx'
import { Composer } from '../view/composer.tsx'
import { Confirm } from '../view/confirm.tsx'
import { Log } from '../view/log.tsx'
import { Menu } from '../view/menu.tsx'
import { Notice, Shell } from '../view/shell.tsx'
import { Text } from '../view/text.tsx'
import { useKeptFocus } from '../view/use-focus.ts'
import { useStore } from '../view/use-store.ts'
import { words } from '../words/index.ts'
import { clockTime } from '../words/times.ts'
import type { ChatSession } from './session.ts'
import type { ChatEntry, ChatState } from './state.ts'
import { StartForm } from './start-form.tsx'
import { Survey } from './survey.tsx'

export interface ChatWindowProps {
  session: ChatSession
  draft: Draft
  title: string | undefined
  onClose?: (() => void) | undefined
}

/** A live chat from its first question to its survey. */
export function ChatWindow({ session, draft, title = words.chat, onClose }: ChatWindowProps) {
  const state = useStore(session)
  const { chat, form, isLost, isResuming, notice } = state
  const [isEnding, setEnding] = useState(false)
  const box = useRef<HTMLDivElement>(null)
  const field = useRef<HTMLTextAreaElement>(null)
  const isRunning = chat !== undefined && chat.stage !== 'ended'
  const mode = isRunning ? String(isEnding) : `${chat?.stage ?? 'start'} ${form !== undefined}`
  useKeptFocus(
    box,
    mode,
    () => field.current ?? box.current?.querySelector('.footer button, input'),
  )
  useLayoutEffect(() => {
    if (onClose) box.current?.querySelector<HTMLElement>('h2')?.focus()
  }, [])

  const waiting = chat?.stage === 'waiting' ? words.waiting : ''
  const banner = isLost ? words.lost : isResuming ? words.connecting : waiting

  return (
    <div ref={box} class="frame">
      <Shell
        title={title}
        subtitle={chat?.agentName ?? chat?.skillName}
        picture={chat?.agentName && <Avatar person={{ name: chat.agentName, isBot: false }} />}
        actions={
          isRunning && (
            <Menu>
              <button type="button" onClick={() => setEnding(true)}>
                {words.endChat}
              </button>
            </Menu>
          )
        }
        onClose={onClose}
      >
        <p class="banner" role="status" hidden={banner === ''}>
          {banner}
        </p>
        {notice && <Notice text={notice} onDismiss={session.dismissNotice} />}
        {chat ? (
          <Lines session={session} state={state} />
        ) : isResuming ? null : (
          <StartForm
            text={draft.state()}
            isStarting={state.isSubmitting}
            onStart={(about) => void session.start(about)}
          />
        )}
        {isRunning && isEnding && (
          <Confirm
            question={words.endChatQuestion}
            yes={words.endSure}
            onNo={() => setEnding(false)}
            onYes={() => {
              setEnding(false)
              void session.end()
            }}
          />
        )}
        {isRunning && !isEnding && (
          <Composer draft={draft} field={field} onSay={session.say} onTyping={session.typing} />
        )}
        {chat?.stage === 'ended' && (
          <div class="footer">
            <button type="button" class={state.form ? '' : 'primary'} onClick={session.startAgain}>
              {words.startChatAgain}
            </button>
          </div>
        )}
      </Shell>
    </div>
  )
}

function Lines({ session, state }: { session: ChatSession; state: ChatState }) {
  const { chat, entries, pending, isTyping, form } = state
  const list = useRef<HTMLOListElement>(null)
  const last = pending.at(-1)?.lineId ?? entries.at(-1)?.sequence
  return (
    <Log
      label={words.chat}
      firstKey={String(entries[0]?.sequence)}
      lastKey={`${last} ${isTyping} ${form !== undefined}`}
      isLastOwn={pending.length > 0}
      unread={0}
      list={list}
    >
      <ol ref={list}>
        {entries.map((entry) => (
          <Entry key={entry.sequence} entry={entry} />
        ))}
        {pending.map((line) => (
          <li key={line.lineId} class="own first">
            <p class="bubble" dir="auto">
              {line.text}
            </p>
            {line.problem === undefined ? (
              <small>
                <em>{words.notSentYet}</em>
              </small>
            ) : (
              <small class="problem" role="alert">
                {line.problem}{' '}
                {chat?.stage !== 'ended' && (
                  <button type="button" class="plain" onClick={() => session.retry(line)}>
                    {words.tryAgain}
                  </button>
                )}
                <button type="button" class="plain" onClick={() => session.discard(line)}>
                  {words.remove}
                </button>
              </small>
            )}
          </li>
        ))}
      </ol>
      <p class="typing">
        {isTyping && (
          <>
            <span class="dots" aria-hidden="true" />
            {words.typing(chat?.agentName ?? words.roles['AGENT'] ?? '')}
          </>
        )}
      </p>
      {form && (
        <Survey
          form={form}
          isSubmitting={state.isSubmitting}
          onSubmit={(survey) => void session.submit(survey)}
        />
      )}
      {chat?.survey === 'submitted' && <p role="status">{words.thanks}</p>}
    </Log>
  )
}

function Entry({ entry }: { entry: ChatEntry }) {
  switch (entry.type) {
    case 'line': {
      const isOwn = entry.by === 'CONSUMER'
      return (
        <li class={isOwn ? 'own first' : 'other first'}>
          {!isOwn && <Avatar person={{ name: entry.name, isBot: false }} />}
          {isOwn ? (
            <span class="visually-hidden">{words.you}: </span>
          ) : (
            <span class="author">
              {entry.name}
              <span class="visually-hidden">: </span>
            </span>
          )}
          <p class="bubble" dir="auto">
            <Text text={entry.text} />
          </p>
          <small>
            <time dateTime={entry.at}>{clockTime(Date.parse(entry.at))}</time>
          </small>
        </li>
      )
    }
    case 'accepted':
      return <li class="line">{words.accepted(entry.name)}</li>
    case 'transferred':
      return <li class="line">{words.transferred(entry.skillName)}</li>
    case 'ended':
      return <li class="line">{words.chatEnded}</li>
  }
}
