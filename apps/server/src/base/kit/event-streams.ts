import type { OutgoingHttpHeaders } from 'node:http'
import type { FastifyReply } from 'fastify'
import { PassingSet } from '#base/kernel'
import { type Base, type Suspensions, suspendedMessage } from '#base/store'

/** Proxies close connections that are silent for long. */
const PING_EVERY_MS = 15_000

/** Server-sent events (HTML standard, 9.2) as the response to one client. */
export interface EventStream {
  /** Resolves when the client can take more. A client that reconnects names the last `id` that it has received. */
  send(event: string, content: unknown, id?: number): Promise<void>
  /** Sends an event that is worth nothing later: a client that is behind does not get it. */
  mention(event: string, content: unknown): void
  end(): void
  readonly isClosed: boolean
  /** Calls the listener once the connection is closed, soon when it is closed already. */
  onClose(listener: () => void): void
}

export interface StreamLimits {
  /** A client that is further behind loses its connection. Without it, wait for `send`. */
  maxBehindBytes?: number
}

export interface EventStreams extends Disposable {
  /** Answers the request; the stream goes on until the client closes it or it is ended. */
  open(reply: FastifyReply, limits?: StreamLimits): EventStream
}

/** Streams do not end by themselves: disposing ends all, so that a stopping server need not wait for them. */
export function openEventStreams({
  monotonic,
  store: { suspensions },
}: Pick<Base, 'monotonic'> & {
  store: { suspensions: Pick<Suspensions, 'has' | 'onChange'> }
}): EventStreams {
  const enders = new PassingSet<() => void>()

  function open(
    reply: FastifyReply,
    { maxBehindBytes = Infinity }: StreamLimits = {},
  ): EventStream {
    const { accountId = '' } = reply.request.params as { accountId?: string }
    const headers = reply.getHeaders() as OutgoingHttpHeaders
    reply.hijack()
    const response = reply.raw
    let isClosed = false
    let full: PromiseWithResolvers<void> | undefined
    const emptied = () => {
      full?.resolve()
      full = undefined
    }
    response.writeHead(200, {
      ...headers,
      'content-type': 'text/event-stream; charset=utf-8',
      'x-accel-buffering': 'no',
    })
    response.write(': listening\n\n')
    response.on('drain', emptied)
    // None for a client that is behind: its connection counts as moving by what it reads, and is closed when it does not.
    const ping = monotonic.every(PING_EVERY_MS, () => {
      if (!response.writableNeedDrain) response.write(': ping\n\n')
    })
    const close = () => {
      isClosed = true
      enders.delete(end)
      ping[Symbol.dispose]()
      suspension[Symbol.dispose]()
      emptied()
    }
    // A slow client keeps its response open for long: a write after the end would be an error that nothing awaits.
    const end = () => {
      close()
      response.end()
    }
    enders.add(end)
    const endSuspended = () => {
      if (isClosed || !suspensions.has(accountId)) return
      void send('suspended', { message: suspendedMessage(accountId) })
      end()
    }
    const suspension = suspensions.onChange(
      (changed) => void (changed === accountId && endSuspended()),
    )
    response.once('close', close)
    // The client may have left while the request was checked: then there is no `close` to come.
    if (response.destroyed) close()
    // Its answer is the headers alone, which leave at the end.
    else if (reply.request.method === 'HEAD') end()
    // It may have been suspended while the request was checked.
    else endSuspended()

    async function send(event: string, content: unknown, id?: number): Promise<void> {
      if (isClosed) return
      const place = id === undefined ? '' : `id: ${id}\n`
      const text = `event: ${event}\n${place}data: ${JSON.stringify(content)}\n\n`
      // As bytes: of texts, the response counts bytes and its socket characters, so that `drain` may never come.
      if (response.write(Buffer.from(text))) return
      if (response.writableLength > maxBehindBytes) {
        close()
        response.destroy()
        return
      }
      full ??= Promise.withResolvers<void>()
      await full.promise
    }

    return {
      send,
      end,
      mention: (event, content) => void (full === undefined && send(event, content)),
      get isClosed() {
        return isClosed
      },
      onClose(listener) {
        if (response.destroyed) queueMicrotask(listener)
        else response.once('close', listener)
      },
    }
  }

  return {
    open,
    [Symbol.dispose]() {
      for (const end of enders) end()
    },
  }
}
