import type { Logger, Monotonic } from '#kernel'
import type { Instance } from './instance.ts'

const REFILL_DELAY_MS = 20
const RETRY_DELAY_MS = 1_000
const MOST_EXTRA = 4
const CALM_MS = 30_000

export interface Blanks extends Disposable {
  /** A booted instance that nobody used, if there is one. */
  take(): Instance | undefined
  readonly size: number
}

/** Keeps booted instances waiting, more of them while they run out. */
export function keepBlanks(
  { logger, monotonic }: { logger: Logger; monotonic: Monotonic },
  wanted: number,
  boot: () => { instance: Instance; ready: Promise<void> },
  onReady: () => void,
): Blanks {
  const idle: Instance[] = []
  const booting = new Set<Instance>()
  let extra = 0
  let missedAt = 0
  let isOpen = true
  let refill: Disposable | undefined

  function refillSoon(delayMs: number): void {
    if (refill || !isOpen) return
    refill = monotonic.after(delayMs, () => {
      refill = undefined
      if (monotonic.now() - missedAt > CALM_MS) extra = 0
      while (isOpen && idle.length + booting.size < wanted + extra) start()
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
        onReady()
      },
      (error: unknown) => {
        booting.delete(instance)
        if (!isOpen) return
        logger.error({ err: error }, 'An instance did not start')
        refillSoon(RETRY_DELAY_MS)
      },
    )
  }

  refillSoon(0)
  return {
    get size() {
      return idle.length
    },
    take() {
      for (;;) {
        const instance = idle.shift()
        if (!instance) {
          missedAt = monotonic.now()
          extra = Math.min(MOST_EXTRA, extra + 1)
        }
        refillSoon(REFILL_DELAY_MS)
        if (!instance || instance.isAlive) return instance
      }
    },
    [Symbol.dispose]() {
      isOpen = false
      refill?.[Symbol.dispose]()
      for (const instance of [...idle, ...booting]) instance.kill('ended')
    },
  }
}
