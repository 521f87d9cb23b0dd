import { useMemo } from 'preact/hooks'
import type { Session } from '../session.ts'
import type { Entry, Person } from '../state.ts'
import { words } from '../words/index.ts'
import { clockTime } from '../words/times.ts'
import { Avatar } from './avatar.tsx'
import { FileContent } from './file-content.tsx'
import { Icon } from './icons.tsx'
import { RichContent } from './rich-content.tsx'
import { Text } from './text.tsx'

/** How far a message of the consumer has come. */
export type Receipt = 'sent' | 'delivered' | 'read'

export interface MessageProps {
  entry: Entry
  author: Person
  /** Of several messages of one author in a row, the first shows who, the last shows when. */
  isFirst: boolean
  isLast: boolean
  /** Whether its quick replies can still be chosen. */
  isAnswerable: boolean
  receipt: Receipt | undefined
  session: Pick<Session, 'answer' | 'fileAddress' | 'retry' | 'discard'>
  /** A quick reply was chosen: its button is gone. */
  onAnswered: () => void
}

export function Message(props: MessageProps) {
  const { entry, author, isFirst, isLast, isAnswerable, receipt } = props
  // Thousands of messages are not rendered again because one was added.
  return useMemo(
    () => <Shown {...props} />,
    [entry, author.name, author.pictureUrl, isFirst, isLast, isAnswerable, receipt],
  )
}

function Shown({ entry, author, isFirst, isLast, isAnswerable, receipt, ...props }: MessageProps) {
  const { role, quickReplies, at, sequence, problem } = entry
  const { session, onAnswered } = props
  const isOwn = role === 'CONSUMER'
  const isTimeShown = (isLast && role !== 'CONTROLLER') || sequence === undefined
  const kind = isOwn ? 'own' : role === 'CONTROLLER' ? 'system' : 'other'
  return (
    <li class={`${kind} ${isFirst ? 'first' : ''}`} tabIndex={-1}>
      {kind === 'other' && isFirst && <Avatar person={author} />}
      {kind === 'other' && isFirst ? (
        <span class="author">
          {author.name}
          {author.isBot && <span class="tag">{words.bot}</span>}
          <span class="visually-hidden">: </span>
        </span>
      ) : (
        <span class="visually-hidden">{isOwn ? words.you : author.name}: </span>
      )}
      <Body entry={entry} session={session} />
      {isAnswerable && (
        <div class="replies" role="group" aria-label={words.quickReplies}>
          {quickReplies.map((reply) => (
            <button
              key={reply.title}
              type="button"
              title={reply.tooltip}
              onClick={() => {
                session.answer(entry, reply)
                onAnswered()
              }}
            >
              {reply.title}
            </button>
          ))}
        </div>
      )}
      {problem !== undefined ? (
        <Problem entry={entry} session={session} />
      ) : (
        <small class={isTimeShown ? '' : 'visually-hidden'}>
          {sequence === undefined ? (
            entry.progress === undefined && <em>{words.notSentYet}</em>
          ) : (
            <time dateTime={new Date(at).toISOString()}>{clockTime(at)}</time>
          )}
          {receipt && (
            <span class={`receipt ${receipt}`}>
              <Icon name={receipt === 'sent' ? 'tick' : 'ticks'} />
              <span class="visually-hidden">{words[receipt]}</span>
            </span>
          )}
        </small>
      )}
    </li>
  )
}

function Body({ entry, session }: Pick<MessageProps, 'entry' | 'session'>) {
  const { content, progress } = entry
  switch (content.kind) {
    case 'text':
      return (
        <p class="bubble" dir="auto">
          <Text text={content.text} />
        </p>
      )
    case 'file':
      return <FileContent content={content} progress={progress} address={session.fileAddress} />
    case 'rich':
      return (
        <RichContent
          root={content.root}
          onClick={({ click = {} }) => session.answer(entry, { click })}
        />
      )
  }
}

function Problem({ entry, session }: Pick<MessageProps, 'entry' | 'session'>) {
  return (
    <small class="problem" role="alert">
      {entry.problem}{' '}
      <button type="button" class="plain" onClick={() => session.retry(entry)}>
        {words.tryAgain}
      </button>
      <button type="button" class="plain" onClick={() => session.discard(entry)}>
        {words.remove}
      </button>
    </small>
  )
}
