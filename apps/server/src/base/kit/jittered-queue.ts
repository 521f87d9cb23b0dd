import { type Logger, messageOf, type Monotonic, PassingSet } from '#base/kernel'

const RETRY_MS = 1_000

/** Work on what must be read again, which every node finds out about at the same moment. */
export interface JitteredQueue<Key> extends Disposable {
  /** Does the work for `key` soon, once however often this is called before it begins. */
  add(key: Key): void
}

/**
 * Begins each work at a random moment, a few at a time, and repeats it until it succeeds: a database that is away, or just back,
 * must not be asked everything at once. The queue holds each key once: it is as long as the caller has keys.
 */
export function openJitteredQueue<Key>({
  monotonic,
  logger,
  name,
  workers,
  spreadMs,
  work,
}: {
  monotonic: Monotonic
  logger: Logger
  /** For the log, such as `Catching up`. */
  name: string
  workers: number
  /** The latest moment at which a work begins, if nothing else waits. */
  spreadMs: number
  /** What is over when its turn comes returns at once. */
  work(key: Key): Promise<void>
}): JitteredQueue<Key> {
  const waiting = new PassingSet<Key>()
  const running = new PassingSet<Key>()
  const isClosed = { now: false }
  let isAwake = false

  function add(key: Key): void {
    waiting.add(key)
    if (isAwake) return
    isAwake = true
    wakeAfter(Math.random() * spreadMs)
  }

  function wakeAfter(ms: number): void {
    monotonic.after(ms, () => {
      isAwake = false
      begin()
    })
  }

  function begin(): void {
    for (const key of waiting) {
      if (isClosed.now || running.size >= workers) return
      // What is asked for again while it runs must see what came meanwhile.
      if (running.has(key)) continue
      waiting.delete(key)
      running.add(key)
      void run(key)
    }
  }

  async function run(key: Key): Promise<void> {
    try {
      await work(key)
    } catch (error) {
      if (isClosed.now) return
      logger.warn({ err: error }, `${name} failed, and is tried again: ${messageOf(error)}`)
      waiting.add(key)
      await monotonic.sleep(RETRY_MS * (0.5 + Math.random()))
    }
    running.delete(key)
    begin()
  }

  return {
    add,
    [Symbol.dispose]() {
      isClosed.now = true
      waiting.clear()
    },
  }
}
