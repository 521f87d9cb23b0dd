/** Work on one key runs one after the other, in the order of asking; different keys run side by side. */
export interface Lanes {
  run<T>(key: string, work: () => Promise<T>): Promise<T>
}

export function openLanes(): Lanes {
  const tails = new Map<string, Promise<unknown>>()
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

/** Takes several lanes, in the order of their names so that two takers cannot wait for each other. */
export function runInAll<T>(
  lanes: Lanes,
  keys: readonly string[],
  work: () => Promise<T>,
): Promise<T> {
  const [first, ...others] = keys.toSorted()
  if (first === undefined) return work()
  return lanes.run(first, () => runInAll(lanes, others, work))
}
