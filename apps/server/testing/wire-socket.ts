import { once } from 'node:events'
import { openSocket, type SocketNotification, type SocketResponse } from '@parley/client'
import WebSocket from 'ws'
import { PATIENCE_MS } from './patience.ts'

export interface WireResponse extends SocketResponse {
  readonly code: number
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into published shapes
  readonly body: any
}

export interface WireNotification extends SocketNotification {
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into published shapes
  readonly body: any
}

export interface SentFrame {
  id?: string | number
  headers?: unknown
  metadata?: unknown
  encodedMetadata?: unknown
}

/** The client's messaging socket, with all frames that came and with faults that a test can make. */
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
  /** What the close frame said; empty before. */
  closeReason(): string
  /** Resolves when the pong has come. */
  ping(): Promise<void>
  /** Leaves what comes in the buffers of the system, and so answers nothing, not even a close. */
  stopReading(): void
  readAgain(): void
  /** Ends the connection without a close frame, like a lost connection. */
  destroy(): void
  close(): void
}

export async function openWireSocket(
  url: string,
  headers: Record<string, string> = {},
  options: { localAddress?: string } = {},
): Promise<WireSocket> {
  const raw = new WebSocket(url, { headers, perMessageDeflate: false, ...options })
  let closeReason = ''
  raw.once('close', (_code, reason) => (closeReason = reason.toString()))
  const frames: (WireResponse | WireNotification)[] = []
  const notifications: WireNotification[] = []
  const waiting = new Set<() => void>()
  let answered = 0
  let closeCode: number | undefined

  // Rejects with the error of the handshake, which says more than the close code that follows it.
  const handshake = once(raw, 'open')
  raw.on('close', (code) => {
    closeCode = code
    for (const look of waiting) look()
  })
  const opening = openSocket(url, {
    connect: () => raw,
    onFrame(frame) {
      if (frame.kind === 'notification') notifications.push(frame)
      else answered += 1
      frames.push(frame as WireResponse | WireNotification)
      for (const look of waiting) look()
    },
  })
  const [socket] = await Promise.all([opening, handshake])

  function until(fits: () => boolean, what = 'what the test waits for'): Promise<void> {
    const waiter = Promise.withResolvers<void>()
    const fail = (why: string) => {
      const seen = frames.map((frame) => JSON.stringify(frame).slice(0, 300)).slice(-15)
      waiter.reject(new Error(`${why}; last frames:\n${seen.join('\n')}`))
    }
    const look = () => {
      if (fits()) waiter.resolve()
      else if (closeCode !== undefined) {
        fail(`The socket was closed with ${closeCode} "${closeReason}" before ${what}`)
      }
    }
    const late = setTimeout(() => fail(`${what} did not come`), PATIENCE_MS)
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
    closed: socket.closed,
    closeReason: () => closeReason,
    until,
    request: async (type, body, more) => (await socket.exchange(type, body, more)) as WireResponse,
    sendRaw: (text) => raw.send(text),
    async heard(fits, what) {
      await until(() => notifications.some(fits), what)
      return notifications.find(fits)!
    },
    async ping() {
      const pong = once(raw, 'pong')
      raw.ping()
      await pong
    },
    stopReading: () => raw.pause(),
    readAgain: () => raw.resume(),
    destroy: () => raw.terminate(),
    close: () => raw.close(),
    async [Symbol.asyncDispose]() {
      if (closeCode !== undefined) return
      raw.terminate()
      await socket.closed
    },
  }
}
