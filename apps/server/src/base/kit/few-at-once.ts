import { PassingMap } from '#base/kernel'
import type { KeyedQueue } from './keyed-queue.ts'

interface Waiting {
  begin(): void
  refuse(cause: unknown): void
}

/** How much work has begun, and what waits. */
interface Turns {
  running: number
  readonly waiting: Waiting[]
}

export interface FewAtOnce extends KeyedQueue {
  /** What waits, and what is asked for from now on, fails with this; what has begun goes on. */
  refuse(cause: unknown): void
}

/** Runs so many works of one key at once, the others in the order of asking; work of different keys runs side by side. */
export function openFewAtOnce(atOnce: number): FewAtOnce {
  const byKey = new PassingMap<string, Turns>()
  let refused: { cause: unknown } | undefined

  async function takeTurn(key: string): Promise<Turns> {
    const turns = byKey.get(key) ?? { running: 0, waiting: [] }
    byKey.set(key, turns)
    if (turns.running < atOnce) turns.running += 1
    else await new Promise<void>((begin, refuse) => turns.waiting.push({ begin, refuse }))
    return turns
  }

  function passOn(key: string, turns: Turns): void {
    const next = turns.waiting.shift()
    if (next) return next.begin()
    turns.running -= 1
    if (turns.running === 0) byKey.delete(key)
  }

  return {
    async run(key, work) {
      if (refused) throw refused.cause
      const turns = await takeTurn(key)
      try {
        return await work()
      } finally {
        passOn(key, turns)
      }
    },
    refuse(cause) {
      refused = { cause }
      for (const { waiting } of byKey.values()) {
        for (const { refuse } of waiting.splice(0)) refuse(cause)
      }
    },
  }
}
