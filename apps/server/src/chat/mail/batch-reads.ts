import type { Monotonic } from '#base/kernel'
import { openGathering } from './gathering.ts'

/**
 * One reading for many askers: those that come while others are gathered, or while a reading runs, are answered together by
 * the next one. Those that ask for the same key share what was read.
 */
export function batchReads<Key, Value>(
  deps: { monotonic: Pick<Monotonic, 'sleep'> },
  nameOf: (key: Key) => string,
  read: (keys: Key[]) => Promise<Map<string, Value>>,
): (key: Key) => Promise<Value | undefined> {
  const gather = openGathering(deps)
  let asked = new Map<string, Key>()
  let next: Promise<Map<string, Value>> | undefined
  let running: Promise<unknown> = Promise.resolve()

  async function readAsked(): Promise<Map<string, Value>> {
    await Promise.all([running, gather()])
    const keys = [...asked.values()]
    asked = new Map()
    next = undefined
    const reading = read(keys)
    // Those who asked for this batch hear of its failure; the next one only waits for its end.
    running = reading.catch(() => undefined)
    return await reading
  }

  return async (key) => {
    asked.set(nameOf(key), key)
    next ??= readAsked()
    return (await next).get(nameOf(key))
  }
}
