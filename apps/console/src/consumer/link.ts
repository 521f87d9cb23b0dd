import { newId } from './new-id.ts'

/** A connection to the messaging service that comes back by itself. */
export interface Link {
  /** Rejects with `RequestRefused` when the server says no, with `LinkLost` when the connection went away. */
  request<T>(
    type: string,
    body: unknown,
    options?: { id?: string; metadata?: object[] },
  ): Promise<T>
  close(): void
}

export interface LinkEvents {
  /** Opened and identified; called again after every reconnection. */
  opened(): void
  lost(): void
  /** The identity is not accepted: trying again would not help. */
  refused(): void
  notified(type: string, body: never): void
}

export class RequestRefused extends Error {
  override name = 'RequestRefused'
  readonly code: number
  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

export class LinkLost extends Error {
  override name = 'LinkLost'
}

const FIRST_PAUSE_MS = 500
const MAX_PAUSE_MS = 15_000
const KEEP_ALIVE_MS = 30_000
const TOKEN_NEEDED = new Set([4401, 4407])

export function openLink(
  address: string,
  jwt: string,
  features: string[],
  events: LinkEvents,
): Link {
  let socket: WebSocket | undefined
  let pause = FIRST_PAUSE_MS
  let isClosed = false
  const waiting = new Map<string, { resolve(body: unknown): void; reject(error: Error): void }>()

  function send<T>(frame: { id?: string; type: string; [member: string]: unknown }): Promise<T> {
    const id = frame.id ?? newId()
    if (socket?.readyState !== WebSocket.OPEN) return Promise.reject(new LinkLost('No connection'))
    const answer = new Promise<unknown>((resolve, reject) => waiting.set(id, { resolve, reject }))
    socket.send(JSON.stringify({ ...frame, kind: 'req', id }))
    return answer as Promise<T>
  }

  function hear(text: string): void {
    const frame = JSON.parse(text)
    if (frame.kind !== 'resp') {
      events.notified(frame.type, frame.body as never)
      return
    }
    const request = waiting.get(frame.reqId)
    waiting.delete(frame.reqId)
    if (frame.code >= 400) request?.reject(new RequestRefused(frame.code, String(frame.body)))
    else request?.resolve(frame.body)
  }

  function connect(): void {
    const opening = new WebSocket(address)
    socket = opening
    opening.addEventListener('message', ({ data }) => hear(String(data)))
    opening.addEventListener('open', () => {
      const headers = [
        { type: '.ams.headers.ConsumerAuthentication', jwt },
        {
          type: '.ams.headers.ClientProperties',
          appId: 'parley-consumer',
          deviceFamily: 'DESKTOP',
          integration: 'WEB_SDK',
          features,
        },
      ]
      send({ type: 'InitConnection', headers, body: {} }).then(
        () => {
          pause = FIRST_PAUSE_MS
          events.opened()
        },
        () => opening.close(),
      )
    })
    opening.addEventListener('close', ({ code }) => {
      for (const { reject } of waiting.values()) reject(new LinkLost('The connection was lost'))
      waiting.clear()
      if (isClosed) return
      if (TOKEN_NEEDED.has(code)) {
        events.refused()
        return
      }
      events.lost()
      setTimeout(connect, pause * (0.5 + Math.random()))
      pause = Math.min(pause * 2, MAX_PAUSE_MS)
    })
  }

  const keepAlive = setInterval(() => {
    // A lost connection is told by its close event; this request only keeps an idle one open.
    send({ type: 'GetClock', body: {} }).catch((error: unknown) => {
      if (!(error instanceof LinkLost)) throw error
    })
  }, KEEP_ALIVE_MS)
  connect()
  return {
    request: (type, body, options) => send({ type, body, ...options }),
    close() {
      isClosed = true
      clearInterval(keepAlive)
      socket?.close()
    },
  }
}
