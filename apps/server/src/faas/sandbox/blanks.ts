import type { Logger, Monotonic } from '#base/kernel'
import type { Instance } from './instance.ts'

const REFILL_DELAY_MS = 20
const RETRY_DELAY_MS = 1_000
const MAX_EXTRA = 4
const CALM_MS = 30_000

export interface Blanks extends Disposable {
  /** A booted instance that nobody used, if there is one. */
  take(): Instance | undefined
  /** A call waits for a blank. */
  missed(): void
  /** Boots what is missing. */
  refill(): void
  readonly size: number
}

/** Whom the blanks are kept for. */
interface Takers {
  /** How many wait for one. */
  needed(): number
  ready(): void
  failed(): void
}

interface Amounts {
  /** Kept while nobody waits. */
  kept: number
  /** Booted at once: more of them only take each other's processor. */
  atOnce: number
}

/** Keeps booted instances waiting, more of them while they run out. */
export function keepBlanks(
  { logger, monotonic }: { logger: Logger; monotonic: Monotonic },
  { kept, atOnce }: Amounts,
  boot: () => { instance: Instance; ready: Promise<void> },
  takers: Takers,
): Blanks {
  const idle: Instance[] = []
  const booting = new Set<Instance>()
  let extra = 0
  let missedAt = 0
  let isOpen = true
  let isPaused = false
  let planned: Disposable | undefined

  function refillIn(delayMs: number): void {
    if (planned || isPaused || !isOpen || booting.size >= atOnce) return
    planned = monotonic.after(delayMs, () => {
      planned = undefined
      if (monotonic.now() - missedAt > CALM_MS) extra = 0
      const wanted = kept + extra + takers.needed()
      while (isOpen && booting.size < atOnce && idle.length + booting.size < wanted) start()
    })
  }

  function start(): void {
    const { instance, ready } = boot()
    booting.add(instance)
    ready.then(
      () => {
        booting.delete(instance)
        if (!isOpen) return instance.kill('ended')
        idle.push(instance)
        takers.ready()
        refillIn(0)
      },
      (error: unknown) => {
        booting.delete(instance)
        if (!isOpen) return
        logger.error({ err: error }, 'An instance did not start')
        takers.failed()
        isPaused = true
        monotonic.after(RETRY_DELAY_MS, () => {
          isPaused = false
          refillIn(0)
        })
      },
    )
  }

  refillIn(0)
  return {
    get size() {
      return idle.length
    },
    take() {
      for (;;) {
        const instance = idle.shift()
        // The first call of the one that was taken goes first.
        refillIn(REFILL_DELAY_MS)
        if (!instance || instance.isAlive) return instance
      }
    },
    missed() {
      missedAt = monotonic.now()
      extra = Math.min(MAX_EXTRA, extra + 1)
      planned?.[Symbol.dispose]()
      planned = undefined
      refillIn(0)
    },
    refill: () => refillIn(0),
    [Symbol.dispose]() {
      isOpen = false
      planned?.[Symbol.dispose]()
      for (const instance of [...idle, ...booting]) instance.kill('ended')
    },
  }
}
