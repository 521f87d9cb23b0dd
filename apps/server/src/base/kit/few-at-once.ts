import { PassingMap } from '#base/kernel'
import type { KeyedQueue } from './keyed-queue.ts'

/** Work that has begun, and what begins one that waits. */
interface Turns {
  running: number
  readonly waiting: (() => void)[]
}

/** Runs so many works of one key at once, the others in the order of asking; work of different keys runs side by side. */
export function openFewAtOnce(atOnce: number): KeyedQueue {
  const byKey = new PassingMap<string, Turns>()

  async function takeTurn(key: string): Promise<Turns> {
    const turns = byKey.get(key) ?? { running: 0, waiting: [] }
    byKey.set(key, turns)
    if (turns.running >= atOnce) await new Promise<void>((begin) => turns.waiting.push(begin))
    else turns.running += 1
    return turns
  }

  function passOn(key: string, turns: Turns): void {
    const begin = turns.waiting.shift()
    if (begin) return begin()
    turns.running -= 1
    if (turns.running === 0) byKey.delete(key)
  }

  return {
    async run(key, work) {
      const turns = await takeTurn(key)
      try {
        return await work()
      } finally {
        passOn(key, turns)
      }
    },
  }
}
