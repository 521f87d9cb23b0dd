import type { Consumer, DialogMessage } from '@parley/client'

export type TimedMessage = DialogMessage & { heardAt: number }

/** Keeps the lines that come in; resolves with the first that fits, also when it has come already. */
export function collectMessages(
  consumer: Consumer,
): (fits: (line: DialogMessage) => boolean) => Promise<TimedMessage> {
  const lines: TimedMessage[] = []
  const waiting = new Set<{
    fits(line: DialogMessage): boolean
    resolve(line: TimedMessage): void
  }>()
  consumer.onMessage((line) => {
    const heard = { ...line, heardAt: performance.now() }
    lines.push(heard)
    for (const wanted of waiting) {
      if (!wanted.fits(line)) continue
      waiting.delete(wanted)
      wanted.resolve(heard)
    }
  })
  return async (fits) => {
    const known = lines.find(fits)
    if (known) return known
    return await new Promise((resolve) => waiting.add({ fits, resolve }))
  }
}
