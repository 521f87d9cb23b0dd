import { PassingMap } from '#base/kernel'

/** Runs work of one key one after the other, in the order of asking; work of different keys runs side by side. */
export interface KeyedQueue {
  run<T>(key: string, work: () => Promise<T>): Promise<T>
}

export function openKeyedQueue(): KeyedQueue {
  const tails = new PassingMap<string, Promise<unknown>>()
  return {
    run<T>(key: string, work: () => Promise<T>): Promise<T> {
      const previous = tails.get(key)
      const mine: Promise<T> = previous ? previous.then(work, work) : work()
      tails.set(key, mine)
      const leave = () => {
        if (tails.get(key) === mine) tails.delete(key)
      }
      mine.then(leave, leave)
      return mine
    },
  }
}

/**
 * Runs work when it is the turn of all its keys. The keys are taken in alphabetical order, so that two works with several
 * common keys cannot wait for each other.
 */
export function runInAll<T>(
  queue: KeyedQueue,
  keys: readonly string[],
  work: () => Promise<T>,
): Promise<T> {
  const [first, ...others] = keys.toSorted()
  if (first === undefined) return work()
  return queue.run(first, () => runInAll(queue, others, work))
}
