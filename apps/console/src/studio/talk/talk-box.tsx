import { RotateCcw } from 'lucide-react'
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { Button } from '../ui/button.tsx'
import { type Asked, useUnread } from '../ui/use-unread.tsx'
import { type OnClick, Replies, Said, type TalkEvent } from './said.tsx'
import { talkWords as t } from './words.ts'

export type TalkLine =
  | { by: 'bot' | 'consumer'; event: TalkEvent }
  /** What happens beside the words. */
  | { by: 'note'; text: string }

interface Props {
  label: string
  lines: readonly TalkLine[]
  isBusy?: boolean
  isOver: boolean
  /** What brings the answer. */
  query: Asked
  onSay: OnClick
  onAgain: () => void
  /** Above the conversation. */
  children?: ReactNode
}

const MAX_CHARACTERS = 4_000

/** A conversation that is only tried out: nobody else sees it. */
export function TalkBox(props: Props) {
  const { label, lines, isBusy = false, isOver, query, onSay, onAgain, children } = props
  const [text, setText] = useState('')
  const { notice } = useUnread(query)
  const log = useRef<HTMLDivElement>(null)
  useEffect(() => {
    log.current?.scrollTo({ top: log.current.scrollHeight })
  }, [lines.length, isBusy])
  // Only the last question waits for an answer.
  const last = lines.findLastIndex(({ by }) => by === 'bot')
  const isFree = !isBusy && !isOver
  function submit(submitted: FormEvent): void {
    submitted.preventDefault()
    if (text.trim() === '' || !isFree) return
    onSay(text.trim(), {})
    setText('')
  }
  return (
    <section className="talk" aria-label={label}>
      <header className="talk-head">
        <h2>{label}</h2>
        <Button kind="quiet" onPress={onAgain}>
          <RotateCcw aria-hidden size={14} />
          {t.again}
        </Button>
      </header>
      {children}
      <div className="talk-log" ref={log} role="log" aria-label={label} tabIndex={0}>
        {lines.map((line, index) =>
          line.by === 'note' ? (
            <p key={index} className="talk-note faint">
              {line.text}
            </p>
          ) : (
            <div key={index} className={`talk-line ${line.by}`}>
              <span className="visually-hidden">{line.by === 'bot' ? t.bot : t.you}: </span>
              <div className="talk-bubble">
                <Said event={line.event} onClick={isFree ? onSay : undefined} />
              </div>
              {index === last && (
                <Replies event={line.event} onClick={isFree ? onSay : undefined} />
              )}
            </div>
          ),
        )}
        {isBusy && (
          <p role="status" className="talk-note faint">
            {t.busy}
          </p>
        )}
      </div>
      {notice}
      <form className="talk-write" onSubmit={submit}>
        <input
          aria-label={t.say}
          placeholder={t.say}
          value={text}
          maxLength={MAX_CHARACTERS}
          autoComplete="off"
          disabled={isOver}
          onChange={({ target }) => setText(target.value)}
        />
        <Button type="submit" isDisabled={!isFree || text.trim() === ''}>
          {t.send}
        </Button>
      </form>
    </section>
  )
}
