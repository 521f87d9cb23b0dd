import { storable } from '#base/input'
import { messageOf, PassingMap } from '#base/kernel'
import type { DeadLetterInsert } from '#base/store'
import { makeAttempt } from './attempt.ts'
import { poolOf } from './consumer-pools.ts'
import type { RunDeps } from './deps.ts'
import { type Held, isStillOurs, isSure } from './leases.ts'
import { type LeasedTimer, postponeTimer, renewTimers, restTimer } from './timer-repository.ts'
import type { Timer, TimerKind } from './types.ts'

/** The timers that are leased to this node. */
export interface Timers {
  kinds: Map<string, TimerKind<unknown>>
  /** By generation. */
  held: PassingMap<number, HeldTimer>
  start(timer: LeasedTimer): void
  /** A transaction ends it: it is over if that is committed. */
  markEnding(timer: Timer<unknown>): void
}

interface HeldTimer extends Held<LeasedTimer> {
  isEnding: boolean
}

export function openTimers(deps: RunDeps): Timers {
  const kinds = new Map<string, TimerKind<unknown>>()
  const held = new PassingMap<number, HeldTimer>()
  return {
    kinds,
    held,
    start(timer) {
      if (held.has(timer.generation)) return
      const kind = kinds.get(timer.kind)
      if (!kind) return deps.logger.error({ key: timer.key }, `No timer kind "${timer.kind}"`)
      const leasedAt = deps.monotonic.now()
      const holding = { item: timer, leasedAt, hasBegun: false, isEnding: false }
      held.set(timer.generation, holding)
      const isHeld = () => held.get(timer.generation) === holding
      const release = () => void (isHeld() && held.delete(timer.generation))
      const pool = poolOf({ name: kind.kind, workers: kind.workers })
      deps.pools.add(pool, timer.accountId, async () => {
        holding.hasBegun = true
        const renew = () => renewTimers(deps.store.db, deps.store.nodeId, [timer])
        if (isSure(deps, holding) || (await isStillOurs(deps, renew))) {
          await fireTimer(deps, kind, timer, {
            isHeld,
            // Not sooner: its lease is renewed until the transaction is over.
            fired: () => void (holding.isEnding && release()),
          })
        }
        release()
      })
    },
    markEnding({ generation }) {
      const holding = held.get(generation)
      if (holding) holding.isEnding = true
    },
  }
}

async function fireTimer(
  deps: RunDeps,
  kind: TimerKind<unknown>,
  timer: LeasedTimer,
  { isHeld, fired }: { isHeld: () => boolean; fired: () => void },
): Promise<void> {
  await makeAttempt(deps, {
    name: `${timer.kind} ${timer.key}`,
    accountId: timer.accountId,
    policy: kind,
    starts: timer.starts,
    failures: timer.failures,
    firstAttemptAt: timer.firstAttemptAt,
    async run() {
      await kind.fire(parsed(kind, timer))
      fired()
    },
    isHeld,
    rest: () => restTimer(deps.store.db, deps.store.nodeId, timer),
    postpone: (runAt) => postponeTimer(deps.store.db, deps.store.nodeId, timer, runAt),
    async exhaust(cause) {
      const letter = letterOf(timer, cause)
      if (kind.exhausted === 'dead letter') return moveToDeadLetters(deps, timer, letter)
      await kind.exhausted.goOn(parsed(kind, timer), letter)
      fired()
    },
  })
}

function parsed(kind: TimerKind<unknown>, timer: LeasedTimer): Timer<unknown> {
  const { accountId, key, dueAt, generation } = timer
  return {
    accountId,
    kind: timer.kind,
    key,
    dueAt,
    generation,
    facts: kind.facts.parse(timer.facts),
  }
}

function letterOf(
  { kind, key, facts, starts, firstAttemptAt }: LeasedTimer,
  cause: unknown,
): DeadLetterInsert {
  const letter = { source: 'timer', name: kind, key, facts } as const
  return { ...letter, attempts: starts, firstAttemptAt, cause: storable(messageOf(cause)) }
}

async function moveToDeadLetters(
  deps: RunDeps,
  { accountId, kind, key, generation }: LeasedTimer,
  deadLetter: DeadLetterInsert,
): Promise<void> {
  await deps.commit({
    accountId,
    documents: [],
    completesTimer: { kind, key, generation },
    deadLetter,
  })
}
