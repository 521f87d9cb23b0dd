import { z } from 'zod'
import WebSocket from 'ws'

const Frame = z.discriminatedUnion('kind', [
  z.looseObject({
    kind: z.literal('resp'),
    reqId: z.union([z.string(), z.number()]).transform(String),
    code: z.number().default(200),
    body: z.unknown(),
  }),
  z.looseObject({ kind: z.literal('notification'), type: z.string(), body: z.unknown() }),
])

export interface Notification {
  type: string
  body: unknown
}

/** A request that was answered with a code of 400 or above. */
export class SocketRequestError extends Error {
  override name = 'SocketRequestError'
  readonly code: number

  constructor(type: string, code: number, body: unknown) {
    super(`${type} was answered ${code}: ${JSON.stringify(body)}`)
    this.code = code
  }
}

/** The request and response envelope of the messaging sockets. */
export interface MessagingSocket extends Disposable {
  /** With an `id` of the caller's, a message that is sent again on another socket is stored once. */
  request(type: string, body?: unknown, id?: string): Promise<unknown>
  /** Hears every notification from now on, until disposed. */
  listen(hear: (notification: Notification) => void): Disposable
  /** Resolves with the close code. */
  readonly closed: Promise<number>
}

interface Pending {
  type: string
  resolve(body: unknown): void
  reject(error: Error): void
}

export async function openSocket(
  url: string,
  headers: Record<string, string> = {},
): Promise<MessagingSocket> {
  const socket = new WebSocket(url, { headers, perMessageDeflate: false })
  const pending = new Map<string, Pending>()
  const listeners = new Set<(notification: Notification) => void>()
  const closed = Promise.withResolvers<number>()
  let lastId = 0

  socket.on('message', (data: Buffer) => {
    const frame = Frame.parse(JSON.parse(data.toString()))
    if (frame.kind === 'notification') {
      for (const hear of listeners) hear(frame)
      return
    }
    const asked = pending.get(frame.reqId)
    pending.delete(frame.reqId)
    if (frame.code < 400) asked?.resolve(frame.body)
    else asked?.reject(new SocketRequestError(asked.type, frame.code, frame.body))
  })
  socket.on('close', (code) => {
    for (const { type, reject } of pending.values()) {
      reject(new Error(`The socket was closed (${code}) before ${type} was answered`))
    }
    pending.clear()
    closed.resolve(code)
  })
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.on('error', reject)
  })

  return {
    request(type, body, id = String(++lastId)) {
      return new Promise((resolve, reject) => {
        pending.set(id, { type, resolve, reject })
        socket.send(JSON.stringify({ kind: 'req', id, type, body }), (error) => {
          if (error && pending.delete(id)) reject(error)
        })
      })
    },
    listen(hear) {
      listeners.add(hear)
      return { [Symbol.dispose]: () => void listeners.delete(hear) }
    },
    closed: closed.promise,
    [Symbol.dispose]: () => socket.close(),
  }
}
