import type { Consumer, DialogMessage } from '@parley/client'

export type TimedMessage = DialogMessage & { receivedAt: number }

/** Keeps the messages that a consumer gets. The function that it returns resolves with the first one that fits, now or later. */
export function collectMessages(
  consumer: Consumer,
): (fits: (message: DialogMessage) => boolean) => Promise<TimedMessage> {
  const messages: TimedMessage[] = []
  const waiting = new Set<{
    fits(message: DialogMessage): boolean
    resolve(message: TimedMessage): void
  }>()
  consumer.onMessage((message) => {
    const timed = { ...message, receivedAt: performance.now() }
    messages.push(timed)
    for (const wanted of waiting) {
      if (!wanted.fits(message)) continue
      waiting.delete(wanted)
      wanted.resolve(timed)
    }
  })
  return async (fits) => {
    const known = messages.find(fits)
    if (known) return known
    return await new Promise((resolve) => waiting.add({ fits, resolve }))
  }
}
