import type { Decision } from './chat-timeline.ts'
import { chatWords as t } from './chat-words.ts'

interface Props {
  leftOut: Decision['leftOut']
  more: number
}

/** What functions returned for the transcript that is no mail, and why. */
export function LeftOutList({ leftOut, more }: Props) {
  if (leftOut.length === 0) return null
  return (
    <>
      <h3>{t.leftOut}</h3>
      <ul className="bare-list">
        {leftOut.map(({ position, reason }) => (
          <li key={position}>
            {t.entry(position + 1)}: <bdi className="bad">{reason}</bdi>
          </li>
        ))}
        {more > 0 && <li className="faint">{t.moreLeftOut(more)}</li>}
      </ul>
    </>
  )
}
