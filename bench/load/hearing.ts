import type { MessagingSocket } from '@parley/client'

const PATIENCE_MS = 30_000

interface Notified {
  event?: { message?: unknown }
  changes?: Notified[]
}

const awaited = new WeakMap<MessagingSocket, Map<string, (at: number) => void>>()

/** From now on `hearingText` works for this socket. Agents are told one message each time, consumers a list. */
export function listenForTexts(socket: MessagingSocket): void {
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

/** Resolves with the time at which the socket is told this text. */
export function hearingText(socket: MessagingSocket, text: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`Nobody heard: ${text}`)), PATIENCE_MS)
    awaited.get(socket)?.set(text, (at) => {
      clearTimeout(late)
      resolve(at)
    })
  })
}
