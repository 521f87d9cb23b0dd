import type { RouteSpec } from '@parley/contract'
import { EventSourceParserStream } from 'eventsource-parser/stream'
import { connection } from './connection.ts'
import { onUnseen, whenSeen } from './seen.ts'
import { session } from '../session/session.ts'

const MAX_PAUSE_MS = 15_000
/** The server says something every 15 s. A browser waits for minutes where the network has gone silent. */
const SILENT_MS = 40_000

interface Following {
  /** The stream is open: what happened before is for the caller to read. */
  onOpen: () => void
  /**
   * @param type what the server calls the event
   * @param id from which on the stream can be gone on with
   */
  onEvent: (data: string, type: string | undefined, id: string | undefined) => void
  onLost: () => void
  /** It is followed while nobody sees the page, too. */
  isForUnseen?: boolean
}

/**
 * Follows a stream of the server until `signal`, and opens it again when it breaks. A browser has six connections for all tabs: a
 * page that is not seen gives its own back, and takes one again when it is.
 */
export async function follow(
  accountId: string,
  spec: RouteSpec,
  query: () => Record<string, string | undefined>,
  { onOpen, onEvent, onLost, isForUnseen = false }: Following,
  signal: AbortSignal,
): Promise<void> {
  for (let failures = 0; ; failures++) {
    await whenSignedIn(accountId, signal)
    if (!isForUnseen) await whenSeen(signal)
    if (signal.aborted) return
    const url = new URL(spec.path.replace(':accountId', accountId), location.origin)
    for (const [name, value] of Object.entries(query())) {
      if (value !== undefined) url.searchParams.set(name, value)
    }
    const bearer = session.bearerOf(accountId)
    const unseen = new AbortController()
    const stopLooking = isForUnseen ? undefined : onUnseen(() => unseen.abort())
    const silent = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    const heard = (): void => {
      clearTimeout(timer)
      timer = setTimeout(() => silent.abort(), SILENT_MS)
    }
    heard()
    try {
      const response = await fetch(url, {
        signal: AbortSignal.any([signal, unseen.signal, silent.signal]),
        headers: bearer === undefined ? {} : { authorization: `Bearer ${bearer}` },
      })
      if (response.status === 401 && bearer !== undefined) session.end(accountId, bearer)
      if (response.ok && response.body) {
        failures = 0
        connection.report(false)
        onOpen()
        const events = response.body
          .pipeThrough(
            new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
              transform(bytes, out) {
                heard()
                out.enqueue(bytes)
              },
            }),
          )
          .pipeThrough(new TextDecoderStream())
          .pipeThrough(new EventSourceParserStream())
        for (const reader = events.getReader(); ;) {
          const { done, value } = await reader.read()
          if (done) break
          onEvent(value.data, value.event, value.id)
        }
      }
    } catch (error) {
      // Whatever broke the stream, the next attempt says whether the server is there.
      if (signal.aborted) return
      if (!(error instanceof Error)) throw error
      if (!unseen.signal.aborted) connection.report(true)
    } finally {
      clearTimeout(timer)
      stopLooking?.()
    }
    onLost()
    if (!unseen.signal.aborted) await pause(Math.min(MAX_PAUSE_MS, 500 * 2 ** failures), signal)
  }
}

/** A page whose session has ended would be refused again and again. */
function whenSignedIn(accountId: string, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  function look(): void {
    if (!signal.aborted && session.bearerOf(accountId) === undefined) return
    stop()
    resolve()
  }
  const stop = session.subscribe(look)
  signal.addEventListener('abort', look, { once: true })
  look()
  return promise
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  signal.addEventListener('abort', () => {
    clearTimeout(timer)
    resolve()
  })
  return promise
}
