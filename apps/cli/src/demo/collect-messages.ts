import type { Consumer, DialogMessage } from '@parley/client'
import { orGiveUp } from './or-give-up.ts'

export type TimedMessage = DialogMessage & { receivedAt: number }

interface Wanted extends PromiseWithResolvers<TimedMessage> {
  fits(message: DialogMessage): boolean
}

/**
 * Keeps the messages that a consumer gets. The function that it returns resolves with the first one that fits, now or later. It rejects
 * when none comes for a minute, or the connection ends.
 */
export function collectMessages(
  consumer: Consumer,
): (fits: (message: DialogMessage) => boolean) => Promise<TimedMessage> {
  const messages: TimedMessage[] = []
  const waiting = new Set<Wanted>()
  consumer.onMessage((message) => {
    const timed = { ...message, receivedAt: performance.now() }
    messages.push(timed)
    for (const wanted of waiting) {
      if (!wanted.fits(message)) continue
      waiting.delete(wanted)
      wanted.resolve(timed)
    }
  })
  void consumer.socket.closed.then(() => {
    for (const { reject } of waiting) reject(new Error('The connection to the server was lost'))
  })
  return async (fits) => {
    const known = messages.find(fits)
    if (known) return known
    const wanted = { fits, ...Promise.withResolvers<TimedMessage>() }
    waiting.add(wanted)
    return await orGiveUp(
      wanted.promise,
      'The consumer did not get the next message within a minute: does another demo run in this account?',
    )
  }
}
