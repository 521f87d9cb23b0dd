import { PassingSet } from '#base/kernel'
import type { Base } from '#base/store'
import type { Instance } from './instance.ts'

const REFILL_DELAY_MS = 20
const RETRY_DELAY_MS = 1_000
const MAX_EXTRA = 4
const CALM_MS = 30_000

export interface WarmPool extends Disposable {
  /** A booted instance without a function, if there is one. */
  take(): Instance | undefined
  /** To be called when a call waits because the pool is empty. */
  missed(): void
  /** Boots what is missing. */
  refill(): void
  readonly size: number
}

/** What the pool asks of, and reports to, the fleet that takes its instances. */
interface Listener {
  /** How many instances calls wait for. */
  needed(): number
  ready(): void
  failed(): void
}

/** An instance that is starting. */
export interface Booting {
  instance: Instance
  ready: Promise<void>
}

interface Amounts {
  /** Kept ready while no call waits. */
  kept: number
  /** Booted at once. More would only slow each other. */
  atOnce: number
}

/** How many are kept ready until the first is taken: a server that runs nothing needs no more, and has the memory for something else. */
export function startingSize(kept: number): number {
  return Math.min(1, kept)
}

/**
 * Keeps booted instances ready; more of them while calls find it empty.
 * @param early instances that were started before the pool was opened
 */
export function openWarmPool(
  { logger, monotonic }: Pick<Base, 'logger' | 'monotonic'>,
  amounts: Amounts,
  boot: () => Booting,
  early: readonly Booting[],
  fleet: Listener,
): WarmPool {
  const { atOnce } = amounts
  const idle: Instance[] = []
  const booting = new PassingSet<Instance>()
  let kept = startingSize(amounts.kept)
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
      const wanted = kept + extra + fleet.needed()
      while (isOpen && booting.size < atOnce && idle.length + booting.size < wanted) adopt(boot())
    })
  }

  function adopt({ instance, ready }: Booting): void {
    booting.add(instance)
    ready.then(
      () => {
        booting.delete(instance)
        if (!isOpen) return instance.kill('ended')
        idle.push(instance)
        fleet.ready()
        refillIn(0)
      },
      (error: unknown) => {
        booting.delete(instance)
        if (!isOpen) return
        logger.error({ err: error }, 'An instance did not start')
        fleet.failed()
        isPaused = true
        monotonic.after(RETRY_DELAY_MS, () => {
          isPaused = false
          refillIn(0)
        })
      },
    )
  }

  for (const one of early) adopt(one)
  refillIn(0)
  return {
    get size() {
      return idle.length
    },
    take() {
      kept = amounts.kept
      for (;;) {
        const instance = idle.shift()
        // The first call of the taken instance goes before the boot of the next.
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
