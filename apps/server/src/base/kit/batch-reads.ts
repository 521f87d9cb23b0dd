import DataLoader from 'dataloader'
import type { Monotonic } from '#base/kernel'

/**
 * One reading for many askers: those that come in one turn of the event loop, or while a reading runs, are answered together by the next
 * one. Nobody waits for others longer than that: who asks may hold one of few places, as a mail does. Those that ask for the same key
 * share what was read; nothing is remembered longer.
 */
export function batchReads<Key, Value>(
  deps: { monotonic: Pick<Monotonic, 'afterTurn'> },
  nameOf: (key: Key) => string,
  read: (keys: readonly Key[]) => Promise<Map<string, Value>>,
): (key: Key) => Promise<Value | undefined> {
  let running: Promise<unknown> = Promise.resolve()

  async function readBatch(keys: readonly Key[]): Promise<(Value | undefined)[]> {
    loader.clearAll()
    const reading = read(keys)
    // The askers of this batch get its failure; the next batch only waits for its end.
    running = reading.catch(() => undefined)
    const found = await reading
    return keys.map((key) => found.get(nameOf(key)))
  }

  const loader = new DataLoader<Key, Value | undefined, string>(readBatch, {
    cacheKeyFn: nameOf,
    batchScheduleFn: (start) => void running.then(() => deps.monotonic.afterTurn(start)),
  })
  return (key) => loader.load(key)
}
