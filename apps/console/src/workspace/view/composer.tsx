import { SendHorizontal } from 'lucide-react'
import {
  type FormEvent,
  type KeyboardEvent,
  type RefObject,
  useEffect,
  useRef,
  useState,
} from 'react'
import type { Desk } from '../desk/desk.ts'
import { draftOf, keepDraft } from '../desk/kept.ts'
import type { Talk } from '../desk/state.ts'
import { t } from '../words.ts'
import { goToNextWaiting } from './use-talk-keys.ts'

interface Props {
  desk: Desk
  accountId: string
  talk: Talk
  field: RefObject<HTMLTextAreaElement | null>
}

/** The server takes no more. */
const MAX_CHARACTERS = 8_000
/** Who has not gone on writing for so long has stopped. */
const PAUSE_MS = 5_000

/** Enter sends, Shift+Enter breaks the line. What is typed is kept by the browser until it is sent. */
export function Composer({ desk, accountId, talk, field }: Props) {
  const { conversationId, status } = talk
  const [text, setText] = useState(() => draftOf(accountId, conversationId))
  const pause = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const isMine = status === 'mine'
  useEffect(() => {
    field.current?.focus()
    return () => clearTimeout(pause.current)
  }, [field])

  function change(now: string): void {
    setText(now)
    keepDraft(accountId, conversationId, now)
    const wasTyping = pause.current !== undefined
    clearTimeout(pause.current)
    pause.current = now === '' ? undefined : setTimeout(stopTyping, PAUSE_MS)
    if (wasTyping !== (now !== '')) desk.typing(conversationId, now !== '')
  }

  function stopTyping(): void {
    pause.current = undefined
    desk.typing(conversationId, false)
  }

  function send(event: FormEvent | KeyboardEvent): void {
    event.preventDefault()
    const said = text.trim()
    if (said === '' || !isMine) return
    desk.say(conversationId, said)
    change('')
    field.current?.focus()
  }

  function press(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    send(event)
    if (event.ctrlKey || event.metaKey) goToNextWaiting(desk, accountId)
  }

  return (
    <form className="composer" onSubmit={send}>
      {!isMine && (
        <p className="notice">{status === 'closed' ? t.closedUnderHand : t.leftUnderHand}</p>
      )}
      {(isMine || text !== '') && (
        <div className="composer-line">
          <textarea
            ref={field}
            rows={2}
            value={text}
            maxLength={MAX_CHARACTERS}
            readOnly={!isMine}
            aria-label={t.write}
            placeholder={isMine ? t.writeHint : ''}
            onChange={({ currentTarget }) => change(currentTarget.value)}
            onKeyDown={press}
          />
          {isMine && (
            <button
              type="submit"
              className="button primary"
              aria-label={t.send}
              disabled={text.trim() === ''}
            >
              <SendHorizontal aria-hidden size={18} />
            </button>
          )}
        </div>
      )}
    </form>
  )
}
