import { setTimeout as sleep } from 'node:timers/promises'

/** A function may take half a minute. */
const PATIENCE_MS = 60_000

/** @throws an `Error` with `missing` after a minute: a demo would wait for ever, and say nothing */
export async function orGiveUp<T>(coming: Promise<T>, missing: string): Promise<T> {
  const stop = new AbortController()
  const late = sleep(PATIENCE_MS, undefined, { signal: stop.signal, ref: false }).then(() => {
    throw new Error(missing)
  })
  try {
    return await Promise.race([coming, late])
  } finally {
    stop.abort()
  }
}
