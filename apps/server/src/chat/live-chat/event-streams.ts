import type { OutgoingHttpHeaders } from 'node:http'
import type { Http } from '#base/http'
import type { Monotonic } from '#base/kernel'

type Reply = Parameters<Parameters<Http['app']['setErrorHandler']>[0]>[2]

/** A proxy in between must not take a quiet chat for a dead connection. */
const HEARTBEAT_MS = 15_000

/** One listening client: server-sent events on its response. */
export interface EventStream {
  /** Resolves when the client can take more; events with an `id` are gone on after when it comes back. */
  send(event: string, content: unknown, id?: number): Promise<void>
  /** Sends what is worth nothing later: left out for a client that is behind. */
  mention(event: string, content: unknown): void
  end(): void
  readonly isClosed: boolean
  onClose(hear: () => void): void
}

export interface EventStreams extends Disposable {
  open(reply: Reply): EventStream
}

/** Streams never end by themselves: disposing ends them all, so that a stopping server need not wait for them. */
export function openEventStreams({ monotonic }: { monotonic: Monotonic }): EventStreams {
  const enders = new Set<() => void>()

  function open(reply: Reply): EventStream {
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
    response.flushHeaders()
    response.on('drain', emptied)
    const heartbeat = monotonic.every(HEARTBEAT_MS, () => response.write(': still here\n\n'))
    const close = () => {
      isClosed = true
      enders.delete(end)
      heartbeat[Symbol.dispose]()
      emptied()
    }
    // What is written after the end would be an error that nobody awaits: a slow client keeps its response open for long.
    const end = () => {
      close()
      response.end()
    }
    enders.add(end)
    response.once('close', close)

    async function send(event: string, content: unknown, id?: number): Promise<void> {
      if (isClosed) return
      const place = id === undefined ? '' : `id: ${id}\n`
      if (response.write(`event: ${event}\n${place}data: ${JSON.stringify(content)}\n\n`)) return
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
      onClose: (hear) => void response.once('close', hear),
    }
  }

  return {
    open,
    [Symbol.dispose]() {
      for (const end of enders) end()
    },
  }
}
