import type { Entry } from '../state.ts'
import type { Session } from '../session.ts'
import { FileContent } from './file-content.tsx'
import { RichContent } from './rich-content.tsx'
import { words } from './words.ts'

export interface MessageProps {
  entry: Entry
  isLast: boolean
  session: Pick<Session, 'answer' | 'fileAddress'>
}

export function Message({ entry, isLast, session }: MessageProps) {
  const { content, role, sequence, at, quickReplies } = entry
  const isOwn = role === 'CONSUMER'
  const time = new Date(at)
  return (
    <li class={isOwn ? 'own' : role === 'CONTROLLER' ? 'system' : 'other'}>
      <span class="visually-hidden">
        {isOwn ? words.you : (words.roles[role] ?? words.roles.AGENT)}:{' '}
      </span>
      {content.kind === 'text' && <p class="bubble">{content.text}</p>}
      {content.kind === 'file' && <FileContent content={content} address={session.fileAddress} />}
      {content.kind === 'rich' && (
        <RichContent
          root={content.root}
          onClick={({ click = {} }) => session.answer(entry, { click })}
        />
      )}
      {isLast && quickReplies.length > 0 && (
        <div class="replies" role="group" aria-label={words.quickReplies}>
          {quickReplies.map((reply) => (
            <button
              key={reply.title}
              type="button"
              title={reply.tooltip}
              onClick={() => session.answer(entry, reply)}
            >
              {reply.title}
            </button>
          ))}
        </div>
      )}
      <small>
        {sequence === undefined ? (
          <em>{words.notSentYet}</em>
        ) : (
          <time dateTime={time.toISOString()}>
            {time.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })}
          </time>
        )}
      </small>
    </li>
  )
}
