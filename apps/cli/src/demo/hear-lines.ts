import type { Consumer, Line } from '@parley/client'

export type HeardLine = Line & { heardAt: number }

/** Keeps the lines that come in; resolves with the first that fits, also when it has come already. */
export function hearLines(
  consumer: Consumer,
): (fits: (line: Line) => boolean) => Promise<HeardLine> {
  const lines: HeardLine[] = []
  const waiting = new Set<{ fits(line: Line): boolean; resolve(line: HeardLine): void }>()
  consumer.onLine((line) => {
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
