import { CircleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { ServerError } from '../api/server.ts'
import { words } from '../words/index.ts'
import { meaningOf, refusedTold } from '../words/refused.ts'
import { Copy } from './copy.tsx'

interface Props {
  error: unknown
  /** What can be done about it. Who reads again what was not read takes `useUnread`. */
  children?: ReactNode
}

/** What went wrong, in words, with the code that support can look for. */
export function ErrorNotice({ error, children }: Props) {
  const isServer = error instanceof ServerError
  const text = textOf(error)
  return (
    <div role="alert" className="notice error">
      <CircleAlert aria-hidden size={18} />
      <div>
        {isServer && error.status > 0 ? <Refusal error={error} /> : <p>{text}</p>}
        {isServer && error.status === 0 && <Details details={error.details} />}
        {isServer && error.status > 0 && (
          <p className="faint">
            <code>
              {error.status} {error.code} {error.requestId}
            </code>{' '}
            <Copy text={`${text}\n${error.status} ${error.code}\n${error.requestId ?? ''}`} />
          </p>
        )}
        {children}
      </div>
    </div>
  )
}

/** Broken rules alone where all of them are known in the language of the user: the sentence of the server is made of them. */
function Refusal({ error: { code, message, details } }: { error: ServerError }) {
  const told = details.map((detail) => ({ ...detail, message: refusedTold(detail.message) }))
  const isTold = told.every((detail, index) => detail.message !== details[index]?.message)
  if (details.length > 0 && isTold) return <Details details={told} />
  const sentence = refusedTold(message)
  const meaning = sentence === message ? meaningOf(code) : undefined
  return (
    <>
      {meaning !== undefined && <p>{meaning}</p>}
      {/* With a meaning, this is what the server says in English: it names the values. */}
      <p {...(meaning !== undefined && { className: 'faint', lang: 'en' })}>{sentence}</p>
      {/* What is wrong with one member alone is the message already. */}
      <Details details={told.filter((one) => message !== `${one.path}: ${one.message}`)} />
    </>
  )
}

function Details({ details }: { details: ServerError['details'] }) {
  if (details.length === 0) return null
  return (
    <ul>
      {details.map(({ path, message }) => (
        <li key={`${path} ${message}`}>
          <code>{path}</code> {message}
        </li>
      ))}
    </ul>
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
