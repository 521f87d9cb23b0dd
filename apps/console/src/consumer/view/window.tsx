import { useEffect, useRef, useState } from 'preact/hooks'
import type { Session } from '../session.ts'
import { type State, writableDialog } from '../state.ts'
import { Composer } from './composer.tsx'
import { Message } from './message.tsx'
import { SignIn, type SignInProps } from './sign-in.tsx'
import { words } from './words.ts'

export interface WindowProps {
  session: Session
  /** Absent where consumers cannot sign in. */
  signIn: { ask: SignInProps['ask'] } | undefined
  onClose?: (() => void) | undefined
}

function useSession(session: Session): State {
  const [state, setState] = useState(session.state())
  useEffect(() => session.subscribe(() => setState(session.state())), [session])
  return state
}

/** The whole messaging window. */
export function Window({ session, signIn, onClose }: WindowProps) {
  const state = useSession(session)
  const { conversation, entries, connection, typing, notice } = state
  const dialog = writableDialog(state)
  const isEnded = conversation !== undefined && conversation.stage !== 'OPEN'
  const isSurvey = dialog?.dialogType === 'POST_SURVEY'
  // An automatic message in between does not take the quick replies away.
  const lastSpoken = entries.findLast(({ role }) => role !== 'CONTROLLER')
  const bottom = useRef<HTMLDivElement>(null)
  useEffect(() => bottom.current?.scrollIntoView({ block: 'end' }), [entries.length, typing])

  return (
    <section class="window" aria-label={words.title}>
      <header>
        <h1>{words.title}</h1>
        {signIn && (
          <SignIn isSignedIn={state.isSignedIn} ask={signIn.ask} onToken={session.signIn} />
        )}
        {dialog && !isSurvey && (
          <button
            type="button"
            aria-pressed={conversation?.isUrgent}
            onClick={() => void session.setUrgent(!conversation?.isUrgent)}
          >
            {conversation?.isUrgent ? words.notUrgent : words.urgent}
          </button>
        )}
        {dialog && (
          <button type="button" onClick={() => void session.end()}>
            {isSurvey ? words.endSurvey : words.end}
          </button>
        )}
        {onClose && (
          <button type="button" aria-label={words.close} onClick={onClose}>
            <span aria-hidden="true">×</span>
          </button>
        )}
      </header>
      <p class="banner" role="status" hidden={connection === 'open'}>
        {connection === 'open' ? '' : words[connection]}
      </p>
      {notice && (
        <p role="alert" class="notice">
          {notice}
        </p>
      )}
      <div class="scroller" tabIndex={0} role="log" aria-label={words.title} aria-live="polite">
        {entries.length === 0 && <p class="empty">{words.empty}</p>}
        <ol>
          {entries.map((entry) => (
            <Message
              key={entry.key}
              entry={entry}
              isLast={entry === lastSpoken}
              session={session}
            />
          ))}
        </ol>
        <p class="typing">
          {typing && `${words.roles[typing] ?? words.roles.AGENT} ${words.typing}`}
        </p>
        <div ref={bottom} />
      </div>
      {isEnded ? (
        <footer>
          <p>{words.ended}</p>
          <button type="button" class="primary" onClick={session.startAgain}>
            {words.startAgain}
          </button>
        </footer>
      ) : (
        <Composer
          onSay={session.say}
          onFile={(file) => void session.sendFile(file)}
          onTyping={session.typing}
        />
      )}
    </section>
  )
}
