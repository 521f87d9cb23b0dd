import { once } from 'node:events'
import WebSocket from 'ws'

export interface WireResponse {
  kind: 'resp'
  reqId: string
  code: number
  type: string
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into published shapes
  body: any
}

export interface WireNotification {
  kind: 'notification'
  type: string
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into published shapes
  body: any
}

export interface SentFrame {
  id?: string | number
  headers?: unknown
  metadata?: unknown
  encodedMetadata?: unknown
}

/** A socket of the published messaging protocol, as a client sees it. */
export interface WireSocket extends AsyncDisposable {
  /** Resolves with the answer, whatever its code. */
  request(type: string, body?: unknown, more?: SentFrame): Promise<WireResponse>
  /** Sends bytes as they are. */
  sendRaw(text: string): void
  /** Every frame that came, in order. */
  readonly frames: readonly (WireResponse | WireNotification)[]
  readonly notifications: WireNotification[]
  /** How many answers have come. */
  responses(): number
  /** Resolves with the first notification, past or future, that fits. */
  heard(fits: (notification: WireNotification) => boolean, what?: string): Promise<WireNotification>
  /** Resolves when `fits` is true, looking again at every frame. */
  until(fits: () => boolean, what?: string): Promise<void>
  /** The close code, once closed. */
  readonly closed: Promise<number>
  /** Resolves when the pong has come. */
  ping(): Promise<void>
  /** Leaves in the system's buffers whatever comes, and so answers nothing, not even a close. */
  stopReading(): void
  readAgain(): void
  /** Pulls the cable: no close frame. */
  destroy(): void
  close(): void
}

const PATIENCE_MS = 20_000

export async function openWireSocket(
  url: string,
  headers: Record<string, string> = {},
  options: { localAddress?: string } = {},
): Promise<WireSocket> {
  const socket = new WebSocket(url, { headers, perMessageDeflate: false, ...options })
  const frames: (WireResponse | WireNotification)[] = []
  const notifications: WireNotification[] = []
  const waiting = new Set<() => void>()
  const pending = new Map<string, PromiseWithResolvers<WireResponse>>()
  const ended = Promise.withResolvers<number>()
  let lastId = 0
  let answered = 0
  let closeCode: number | undefined

  socket.on('message', (data: Buffer) => {
    const frame = JSON.parse(data.toString('utf8')) as WireResponse | WireNotification
    frames.push(frame)
    if (frame.kind === 'notification') notifications.push(frame)
    else {
      answered += 1
      pending.get(String(frame.reqId))?.resolve(frame)
    }
    for (const look of waiting) look()
  })
  socket.on('close', (code) => {
    closeCode = code
    ended.resolve(code)
    for (const look of waiting) look()
    for (const { reject } of pending.values()) {
      reject(new Error(`The socket was closed with ${code} before the answer came`))
    }
  })
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  socket.on('error', () => undefined)

  function until(fits: () => boolean, what = 'what the test waits for'): Promise<void> {
    const waiter = Promise.withResolvers<void>()
    const look = () => {
      if (fits()) waiter.resolve()
      else if (closeCode !== undefined) {
        waiter.reject(new Error(`The socket was closed with ${closeCode} before ${what}`))
      }
    }
    const late = setTimeout(() => {
      const seen = frames.map((frame) => JSON.stringify(frame).slice(0, 300)).slice(-15)
      waiter.reject(new Error(`${what} did not come; last frames:\n${seen.join('\n')}`))
    }, PATIENCE_MS)
    waiting.add(look)
    look()
    return waiter.promise.finally(() => {
      clearTimeout(late)
      waiting.delete(look)
    })
  }

  return {
    frames,
    notifications,
    responses: () => answered,
    closed: ended.promise,
    until,
    async request(type, body, { id = `r${(lastId += 1)}-${crypto.randomUUID()}`, ...more } = {}) {
      if (closeCode !== undefined) throw new Error(`The socket was closed with ${closeCode}`)
      const answer = Promise.withResolvers<WireResponse>()
      pending.set(String(id), answer)
      socket.send(JSON.stringify({ kind: 'req', id, type, body, ...more }))
      return await answer.promise.finally(() => pending.delete(String(id)))
    },
    sendRaw: (text) => socket.send(text),
    async heard(fits, what) {
      await until(() => notifications.some(fits), what)
      return notifications.find(fits)!
    },
    async ping() {
      const pong = once(socket, 'pong')
      socket.ping()
      await pong
    },
    stopReading: () => socket.pause(),
    readAgain: () => socket.resume(),
    destroy: () => socket.terminate(),
    close: () => socket.close(),
    async [Symbol.asyncDispose]() {
      if (closeCode !== undefined) return
      socket.terminate()
      await ended.promise
    },
  }
}
