import type { RefObject } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { isSurvey as isInSurvey } from '../conversations.ts'
import type { Draft } from '../draft.ts'
import { dragsOwnFiles } from '../file-rules.ts'
import { hasEarlier, partlyLoaded } from '../history.ts'
import { personOf } from '../names.ts'
import type { PageSettings } from '../page-settings.ts'
import type { Session } from '../session.ts'
import { type State, writableDialog } from '../state.ts'
import { download } from '../transcript.ts'
import { reasonOf } from '../notice.ts'
import { words } from '../words/index.ts'
import { dayAndTime, shortDay } from '../words/times.ts'
import { Avatar } from './avatar.tsx'
import { Composer } from './composer.tsx'
import { Confirm } from './confirm.tsx'
import { Log } from './log.tsx'
import { Menu } from './menu.tsx'
import { Message } from './message.tsx'
import { Notice, Shell } from './shell.tsx'
import { SignIn } from './sign-in.tsx'
import { Subtitle } from './subtitle.tsx'
import { rowsOf, unreadCount } from './timeline.ts'
import { useKeptFocus } from './use-focus.ts'
import { useStore } from './use-store.ts'

export interface WindowProps {
  session: Session
  draft: Draft
  settings: PageSettings
  title: string
  greeting: string | undefined
  closed: string | undefined
  /** When consumers may expect an answer. */
  answerTime: string | undefined
  /** Absent where consumers cannot sign in. `ask` is the sign-in of the page around. */
  signIn: { ask: (() => Promise<string>) | undefined } | undefined
  onClose?: (() => void) | undefined
}

type Panel = 'none' | 'sign-in' | 'end'

/** The whole messaging window. */
export function Window(props: WindowProps) {
  const { session, draft, settings, title, answerTime, signIn, onClose } = props
  const { files: takesFiles, transcript: givesTranscript } = settings.look
  const state = useStore(session)
  const { conversation, connection, notice } = state
  const [panel, setPanel] = useState<Panel>('none')
  const box = useRef<HTMLDivElement>(null)
  const field = useRef<HTMLTextAreaElement>(null)
  const list = useRef<HTMLOListElement>(null)
  const dialog = writableDialog(state)
  const isEnded = conversation !== undefined && conversation.stage !== 'OPEN'
  const isSurvey = isInSurvey(state)
  const [isDropping, setDropping] = useState(false)

  const focusField = () => field.current?.focus()
  const mode = isEnded ? 'ended' : panel
  useKeptFocus(box, mode, () => field.current ?? box.current?.querySelector('.footer button'))
  useLayoutEffect(() => {
    if (onClose) focusAtOpening(box.current, field.current)
  }, [])

  async function signInByPage(ask: () => Promise<string>): Promise<void> {
    try {
      await session.signIn(await ask())
    } catch (error) {
      session.tell(reasonOf(error))
    }
  }

  async function saveTranscript(): Promise<void> {
    const day = new Date().toISOString().slice(0, 10)
    download(await session.transcript(), `${words.title}-${day}.txt`)
  }

  const menu = (
    <Menu>
      {dialog && !isSurvey && (
        <button
          type="button"
          aria-pressed={conversation?.isUrgent}
          onClick={() => void session.setUrgent(!conversation?.isUrgent)}
        >
          {conversation?.isUrgent ? words.notUrgent : words.urgent}
        </button>
      )}
      {signIn && !state.isSignedIn && (
        <button
          type="button"
          onClick={() => (signIn.ask ? void signInByPage(signIn.ask) : setPanel('sign-in'))}
        >
          {words.signIn}
        </button>
      )}
      {givesTranscript && (
        <button
          type="button"
          disabled={state.entries.length === 0}
          onClick={() => void saveTranscript().catch(() => session.tell(words.failed))}
        >
          {words.transcript}
        </button>
      )}
      {dialog && !isSurvey && (
        <button type="button" onClick={() => setPanel('end')}>
          {words.end}
        </button>
      )}
    </Menu>
  )

  return (
    <div
      ref={box}
      class={isDropping ? 'frame dropping' : 'frame'}
      data-hint={words.dropHere}
      onDragOver={(event) => {
        setDropping(takesFiles && !isEnded && dragsOwnFiles(event))
      }}
      onDragLeave={() => setDropping(false)}
      onDrop={(event) => {
        setDropping(false)
        if (isDropping) session.sendFiles([...(event.dataTransfer?.files ?? [])])
      }}
    >
      <Shell
        title={title}
        subtitle={<Subtitle state={state} isSurvey={isSurvey} answerTime={answerTime} />}
        picture={<Picture state={state} logoUrl={settings.look.logoUrl} />}
        actions={menu}
        onClose={onClose}
      >
        <p class="banner" role="status" hidden={connection === 'open'}>
          {connection === 'open' ? '' : words[connection]}
          {connection === 'refused' && (
            <button type="button" class="plain" onClick={() => void session.reopen()}>
              {words.startAgain}
            </button>
          )}
        </p>
        {!settings.hours.isOpen && <Hours {...props} />}
        {notice && <Notice text={notice} onDismiss={session.dismissNotice} />}
        {panel === 'sign-in' && (
          <SignIn
            onToken={session.signIn}
            onDone={() => {
              setPanel('none')
              focusField()
            }}
          />
        )}
        <Messages {...props} state={state} list={list} onLeave={focusField} />
        {isSurvey && (
          <div class="strip">
            <span>{words.survey}</span>
            <button type="button" class="plain" onClick={() => void session.end()}>
              {words.endSurvey}
            </button>
          </div>
        )}
        {isEnded ? (
          <div class="footer">
            <p>{words.ended}</p>
            <button type="button" class="primary" onClick={session.startAgain}>
              {words.startAgain}
            </button>
          </div>
        ) : panel === 'end' ? (
          <Confirm
            question={words.endQuestion}
            yes={words.endSure}
            onNo={() => setPanel('none')}
            onYes={() => {
              setPanel('none')
              void session.end()
            }}
          />
        ) : (
          <Composer
            draft={draft}
            field={field}
            onSay={session.say}
            onFiles={takesFiles ? session.sendFiles : undefined}
            onTyping={session.typing}
            onUp={() =>
              list.current?.querySelector<HTMLElement>('li[tabindex]:last-child')?.focus()
            }
          />
        )}
      </Shell>
    </div>
  )
}

function Messages(
  props: WindowProps & {
    state: State
    list: RefObject<HTMLOListElement | null>
    onLeave: () => void
  },
) {
  const { state, session, list, onLeave, greeting } = props
  const { entries, typing, earlier, isLoadingEarlier } = state
  const [next] = earlier
  const rows = rowsOf(state)
  return (
    <Log
      label={words.title}
      firstKey={entries[0]?.key}
      lastKey={typing ? 'typing' : entries.at(-1)?.key}
      isLastOwn={entries.at(-1)?.role === 'CONSUMER'}
      isBusy={isLoadingEarlier}
      unread={unreadCount(state)}
      list={list}
      onTop={() => {
        if (partlyLoaded(state)) void session.loadEarlier()
      }}
      onSeen={session.setSeen}
      onLeave={onLeave}
    >
      {hasEarlier(state) && (
        <p class="earlier">
          <button
            type="button"
            disabled={isLoadingEarlier}
            onClick={() => void session.loadEarlier()}
          >
            {partlyLoaded(state) || !next
              ? words.earlierMessages
              : words.earlierConversation(shortDay(next.startedAt))}
          </button>
        </p>
      )}
      {!state.conversation && <p class="greeting">{greeting ?? words.empty}</p>}
      <ol ref={list}>
        {rows.map((row) =>
          row.kind === 'line' ? (
            <li key={row.key} class="line">
              {row.text}
            </li>
          ) : (
            <Message key={row.entry.key} {...row} session={session} onAnswered={onLeave} />
          ),
        )}
      </ol>
      <p class="typing">
        {typing && (
          <>
            <span class="dots" aria-hidden="true" />
            {words.typing(personOf(state, typing).name)}
          </>
        )}
      </p>
    </Log>
  )
}

/** The agent's picture while one serves, else the account's logo. */
function Picture({ state, logoUrl }: { state: State; logoUrl: string | undefined }) {
  const { conversation, people } = state
  const agent = conversation?.agentPid === undefined ? undefined : people[conversation.agentPid]
  if (agent && conversation?.stage === 'OPEN') return <Avatar person={agent} />
  return logoUrl === undefined ? null : <img class="logo" src={logoUrl} alt="" />
}

function Hours({ settings, closed }: Pick<WindowProps, 'settings' | 'closed'>) {
  const { opensAt } = settings.hours
  return (
    <p class="hours">
      {closed ?? words.closed}
      {opensAt !== undefined && ` ${words.opensAt(dayAndTime(Date.parse(opensAt)))}`}
    </p>
  )
}

/** On a phone the keyboard would cover half of what the consumer wants to see first. */
function focusAtOpening(box: HTMLElement | null, field: HTMLElement | null): void {
  const isTouch = matchMedia('(pointer: coarse)').matches
  const heading = box?.querySelector<HTMLElement>('h1, h2')
  const target = isTouch || !field ? heading : field
  target?.focus()
}
