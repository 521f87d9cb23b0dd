import { createElement, type ReactElement } from 'react'
import type { QuickReply, RichElement } from '../../consumer/content.ts'
import { type CardMaker, drawCard } from '../../consumer/view/draw-card.ts'
import { fileWords } from '../files/words.ts'
import { t } from '../words.ts'

/** As the consumer sees it, but nothing answers here, and pictures of other hosts are links: no other host learns who works here. */
const maker: CardMaker<ReactElement> = {
  make: createElement,
  picture: fileWords.picture,
}

export function Card({ root }: { root: RichElement }) {
  return drawCard(maker, root)
}

/** What the consumer may choose as an answer. */
export function QuickReplies({ replies }: { replies: readonly QuickReply[] }) {
  if (replies.length === 0) return null
  return (
    <ul className="quick-replies" aria-label={t.quickReplies}>
      {replies.map(({ title, tooltip }, index) => (
        <li key={index} className="choice" title={tooltip}>
          {title}
        </li>
      ))}
    </ul>
  )
}
