import { createElement, type ReactElement } from 'react'
import { type Click, contentOf, quickRepliesOf } from '../../consumer/content.ts'
import { linkify } from '../../consumer/linkify.ts'
import { drawCard } from '../../consumer/view/draw-card.ts'
import { talkWords as t } from './words.ts'

/** As clients get it. */
export type TalkEvent = Parameters<typeof contentOf>[0]

/** What a click says, and what the client tells with it. */
export type OnClick = (text: string, click: Click) => void

/** A message as the consumer's page draws it. */
export function Said({ event, onClick }: { event: TalkEvent; onClick?: OnClick | undefined }) {
  const content = contentOf(event)
  if (content?.kind === 'rich') {
    return drawCard<ReactElement>(
      {
        make: createElement,
        picture: t.picture,
        ...(onClick && {
          onClick: ({ click = {}, title = '' }) => onClick(textOf(click) ?? title, click),
        }),
      },
      content.root,
    )
  }
  return <p>{content?.kind === 'text' && linked(content.text)}</p>
}

/** What may be chosen below a message. */
export function Replies({ event, onClick }: { event: TalkEvent; onClick: OnClick | undefined }) {
  const replies = quickRepliesOf(event)
  if (replies.length === 0) return null
  return (
    <div className="replies" role="group" aria-label={t.answers}>
      {replies.map(({ title, tooltip, click }, index) => (
        <button
          key={index}
          type="button"
          className="button"
          title={tooltip}
          disabled={!onClick}
          onClick={() => onClick?.(textOf(click) ?? title, click)}
        >
          {title}
        </button>
      ))}
    </div>
  )
}

function textOf({ actions = [] }: Click): string | undefined {
  return actions.find(({ type }) => type === 'publishText')?.text
}

function linked(text: string) {
  return linkify(text).map((part, index) =>
    typeof part === 'string' ? (
      part
    ) : (
      <a key={index} href={part.href} target="_blank" rel="noopener noreferrer">
        {part.text}
      </a>
    ),
  )
}
