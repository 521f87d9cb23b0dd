import { Check, CheckCheck, LockKeyhole } from 'lucide-react'
import { memo, useState } from 'react'
import { linkify } from '../../consumer/linkify.ts'
import { Button } from '../../studio/ui/button.tsx'
import type { Desk } from '../desk/desk.ts'
import type { Content, Entry, Unsent } from '../desk/state.ts'
import { FileContent } from '../files/file-content.tsx'
import { clockTime, t } from '../words.ts'
import { Card, QuickReplies } from './card.tsx'

interface Props {
  desk: Desk
  entry: Entry
  author: string
  isOwn: boolean
  /** Where a day begins, its name. */
  day: string | undefined
  /** Of several messages of one author in a row, the first shows who. */
  isFirst: boolean
  receipt: 'sent' | 'delivered' | 'read' | undefined
}

/** Longer ones are shown in part at first. */
const MAX_LINES = 30
const MAX_SHOWN = 2_000

export const Message = memo(function Message(props: Props) {
  const { desk, entry, author, isOwn, day, isFirst, receipt } = props
  const { role, at, content, quickReplies, isPrivate } = entry
  if (content.kind === 'event') {
    return (
      <>
        {day !== undefined && <li className="log-day faint">{day}</li>}
        <li className="log-event faint" tabIndex={-1}>
          {content.text} <time dateTime={new Date(at).toISOString()}>{clockTime(at)}</time>
        </li>
      </>
    )
  }
  const side = isOwn ? 'own' : role === 'CONSUMER' ? 'consumer' : 'other'
  return (
    <>
      {day !== undefined && <li className="log-day faint">{day}</li>}
      <li className={`message ${side} ${isPrivate ? 'private' : ''}`} tabIndex={-1}>
        <span className={isFirst ? 'author faint' : 'visually-hidden'}>
          {author}
          <span className="visually-hidden">: </span>
        </span>
        <div className="bubble" dir="auto">
          {isPrivate && (
            <small className="note">
              <LockKeyhole aria-hidden size={13} /> {t.noteOnly}
            </small>
          )}
          <Body desk={desk} content={content} />
        </div>
        <QuickReplies replies={quickReplies} />
        <small className="faint">
          <time dateTime={new Date(at).toISOString()}>{clockTime(at)}</time>
          {receipt && (
            <span className={`receipt ${receipt}`}>
              {receipt === 'sent' ? (
                <Check aria-hidden size={14} />
              ) : (
                <CheckCheck aria-hidden size={14} />
              )}
              {t[receipt]}
            </span>
          )}
        </small>
      </li>
    </>
  )
})

/** One that the server has not taken yet, or has refused. */
export function UnsentMessage({ unsent, desk }: { unsent: Unsent; desk: Desk }) {
  const { key, text, problem, isPrivate } = unsent
  return (
    <li className={`message own ${isPrivate ? 'private' : ''}`} tabIndex={-1}>
      <span className="visually-hidden">{t.you}: </span>
      <div className="bubble" dir="auto">
        <Text text={text} />
      </div>
      {problem === undefined ? (
        <small className="faint">{t.notSent}</small>
      ) : (
        <div className="problem" role="alert">
          {t.refused(problem)}
          <Button onPress={() => desk.retry(key)}>{t.again}</Button>
          <Button kind="quiet" onPress={() => desk.discard(key)}>
            {t.remove}
          </Button>
        </div>
      )}
    </li>
  )
}

function Body({ desk, content }: { desk: Desk; content: Content }) {
  switch (content.kind) {
    case 'text':
    case 'event':
      return <Text text={content.text} />
    case 'file':
      return <FileContent desk={desk} content={content} />
    case 'rich':
      return <Card root={content.root} />
  }
}

function Text({ text }: { text: string }) {
  const [isWhole, setWhole] = useState(false)
  const lines = text.split('\n')
  const isLong = lines.length > MAX_LINES || text.length > MAX_SHOWN
  const shown = isLong && !isWhole ? lines.slice(0, MAX_LINES).join('\n').slice(0, MAX_SHOWN) : text
  return (
    <>
      <p>
        {linkify(shown).map((part, index) =>
          typeof part === 'string' ? (
            part
          ) : (
            <a key={index} href={part.href} target="_blank" rel="noreferrer">
              {part.text}
            </a>
          ),
        )}
      </p>
      {isLong && !isWhole && <Button onPress={() => setWhole(true)}>{t.more}</Button>}
    </>
  )
}
