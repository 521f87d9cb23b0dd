import type { MessagingSocket } from '@parley/client'

const PATIENCE_MS = 300_000

interface Notified {
  event?: { message?: unknown }
  changes?: Notified[]
}

const awaited = new WeakMap<MessagingSocket, Map<string, (at: number) => void>>()

/** From now on `receivedText` works for this socket. Agents are notified of one message each time, consumers of a list. */
export function watchTexts(socket: MessagingSocket): void {
  const waiting = new Map<string, (at: number) => void>()
  awaited.set(socket, waiting)
  socket.subscribe(({ body }) => {
    const at = performance.now()
    const { changes, ...single } = body as Notified
    for (const { event } of changes ?? [single]) {
      if (typeof event?.message !== 'string') continue
      waiting.get(event.message)?.(at)
      waiting.delete(event.message)
    }
  })
}

/** Resolves with the time at which the socket receives this text. */
export function receivedText(socket: MessagingSocket, text: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`Not received: ${text}`)), PATIENCE_MS)
    awaited.get(socket)?.set(text, (at) => {
      clearTimeout(late)
      resolve(at)
    })
  })
}
