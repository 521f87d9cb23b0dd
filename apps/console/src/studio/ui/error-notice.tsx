import { CircleAlert } from 'lucide-react'
import { ServerError } from '../api/server.ts'
import { meaningOf } from '../words/errors.ts'
import { words } from '../words/index.ts'
import { Button } from './button.tsx'
import { Copy } from './copy.tsx'

/** What went wrong, in words, with the code that support can look for. */
export function ErrorNotice({ error, retry }: { error: unknown; retry?: () => void }) {
  const isServer = error instanceof ServerError
  const message = textOf(error)
  const meaning = isServer ? meaningOf(error.code) : undefined
  // What is wrong with one member alone is the message already.
  const details = (isServer ? error.details : []).filter(
    ({ path, message: what }) => message !== `${path}: ${what}`,
  )
  return (
    <div role="alert" className="notice error">
      <CircleAlert aria-hidden size={18} />
      <div>
        {meaning !== undefined && <p>{meaning}</p>}
        {/* With a meaning, this is what the server says in English: it names the values. */}
        <p {...(meaning !== undefined && { className: 'faint', lang: 'en' })}>{message}</p>
        {details.length > 0 && (
          <ul>
            {details.map(({ path, message: what }) => (
              <li key={path}>
                <code>{path}</code> {what}
              </li>
            ))}
          </ul>
        )}
        {isServer && error.status > 0 && (
          <p className="faint">
            <code>
              {error.status} {error.code} {error.requestId}
            </code>{' '}
            <Copy text={`${message}\n${error.status} ${error.code}\n${error.requestId ?? ''}`} />
          </p>
        )}
        {retry && <Button onPress={retry}>{words.common.retry}</Button>}
      </div>
    </div>
  )
}

function textOf(error: unknown): string {
  if (typeof error === 'string') return error
  if (error instanceof ServerError) {
    if (error.code === 'unreachable') return words.common.unreachable
    if (error.code === 'late') return words.common.late
    if (error.code === 'unfit') return words.common.unfit
  }
  return error instanceof Error ? error.message : String(error)
}
