import { declareBound, openPlaces } from '#base/bounds'
import { ParleyError } from '#base/kernel'

const COMMITS = declareBound({
  kind: 'places',
  holds: 'commits that wait for the database',
  limit: 20_000,
  per: 'node',
  beyond: 'refused with 503',
})

/** One caller's item in a batch. */
export interface Job<Item, Result> {
  item: Item
  /** When it was added, by `now`. */
  since: number
  /** It leaves with one that cannot, or after `PATIENT_MS`. */
  canWait: boolean
  resolve: (result: Result) => void
  reject: (cause: unknown) => void
}

export interface Batcher<Item, Result> {
  add(item: Item): Promise<Result>
  /** How long the oldest job has waited, by `now`. */
  waitingMs(): number
  /** Resolves when no job waits or runs. */
  idle(): Promise<void>
}

/** How long arrivals gather at most behind a batch that is on its way. */
const GATHER_MS = 10
/** A batch of so many shows that much comes, and so do the `STEADY` batches after it. */
const MANY = 8
const STEADY = 6
/**
 * How many of what comes then wait for each other, by the number of batches that are on their way. A batch by itself costs the database
 * as much as seven commits, so they are not smaller than they need be: they grow with what comes. While this process makes what the next one
 * holds, the database is not left without work.
 */
const WANTED = [
  { least: 16, ofLast: 0.75 },
  { least: 24, ofLast: 1.25 },
]
const LARGE = 64
/** How long what nobody waits for stays for company, unless it is behind `MANY` others. */
const PATIENT_MS = 5

/**
 * While every connection is busy, arrivals gather and leave together as the next batch. `run` resolves with what settles every job that it
 * was given: the next batch leaves first, so that the database works while those who waited go on.
 */
export function openBatcher<Item, Result, Connection>(options: {
  connections: readonly Connection[]
  now: () => number
  /** Whether nobody waits for it, so that it may leave a little later with others. */
  canWait: (item: Item) => boolean
  sleep: (ms: number) => Promise<void>
  /** Runs it when what has reached this process by now was handled. */
  afterTurn: (run: () => void) => void
  /** Removes from `waiting` what may leave together. */
  take: (waiting: Job<Item, Result>[]) => Job<Item, Result>[]
  run: (jobs: Job<Item, Result>[], connection: Connection) => Promise<() => void>
}): Batcher<Item, Result> {
  const waiting: Job<Item, Result>[] = []
  const free = options.connections.toReversed()
  let idleWaiters: (() => void)[] = []
  const places = openPlaces(COMMITS)
  let isScheduled = false
  let isGathering = false
  let isPatient = false
  let isTurnEnding = false
  /** Jobs of the last batch. */
  let lastSize = 0
  /** Batches since the last one of `MANY`. */
  let sinceMany = STEADY

  const isIdle = () => waiting.length === 0 && free.length === options.connections.length

  function pump(hasGathered = false): void {
    isScheduled = false
    while (waiting.some(({ canWait }) => !canWait) && (hasGathered || !gathers())) {
      const connection = free.pop()
      if (connection === undefined) return
      const jobs = options.take(waiting)
      lastSize = jobs.length
      sinceMany = lastSize < MANY ? sinceMany + 1 : 0
      void runOn(connection, jobs)
    }
    if (!isIdle()) return
    for (const wake of idleWaiters) wake()
    idleWaiters = []
  }

  function wanted(onTheirWay: number): number {
    const { least, ofLast } = WANTED[onTheirWay] ?? { least: LARGE, ofLast: 0 }
    return Math.max(least, lastSize * ofLast)
  }

  /** Whether more may come soon, without keeping anybody waiting for long. */
  function gathers(): boolean {
    const onTheirWay = options.connections.length - free.length
    const muchComes = sinceMany < STEADY
    if (!muchComes && onTheirWay === 0) return false
    if (waiting.length >= (muchComes ? wanted(onTheirWay) : lastSize)) return false
    if (onTheirWay === 0) gatherForTurn()
    else gatherForAWhile()
    return true
  }

  /** What has reached this process together leaves together. */
  function gatherForTurn(): void {
    if (isTurnEnding) return
    isTurnEnding = true
    options.afterTurn(() => {
      isTurnEnding = false
      pump(free.length === options.connections.length)
    })
  }

  function gatherForAWhile(): void {
    if (isGathering) return
    isGathering = true
    void options.sleep(GATHER_MS).then(() => {
      isGathering = false
      pump(true)
    })
  }

  function losePatience(): void {
    isPatient = false
    for (const job of waiting) job.canWait = false
    pump()
  }

  async function runOn(connection: Connection, jobs: Job<Item, Result>[]): Promise<void> {
    let settle: () => void
    try {
      settle = await options.run(jobs, connection)
    } catch (cause) {
      settle = () => {
        for (const { reject } of jobs) reject(cause)
      }
    }
    free.push(connection)
    pump()
    settle()
  }

  return {
    async add(item) {
      using place = places.take('')
      if (!place) throw new ParleyError('unavailable', 'Too much waits for the database')
      return await new Promise((resolve, reject) => {
        const canWait = options.canWait(item) && waiting.length < MANY
        waiting.push({ item, since: options.now(), canWait, resolve, reject })
        if (canWait && !isPatient) {
          isPatient = true
          void options.sleep(PATIENT_MS).then(losePatience)
        }
        if (canWait || isScheduled) return
        isScheduled = true
        queueMicrotask(() => pump())
      })
    },
    waitingMs: () => (waiting[0] ? options.now() - waiting[0].since : 0),
    async idle() {
      if (!isIdle()) await new Promise<void>((resolve) => idleWaiters.push(resolve))
    },
  }
}
