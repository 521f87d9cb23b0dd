import { messageOf } from '#base/kernel'
import { makeAttempt } from './attempt.ts'
import { SHARED } from './lines.ts'
import { type LeasedTimer, postponeTimer } from './repository.ts'
import type { Held, RowDeps } from './rows.ts'
import type { Timer, TimerKind } from './types.ts'

/** The timers in the hands of this node, by generation. */
export interface Timers {
  kinds: Map<string, TimerKind<unknown>>
  held: Map<number, HeldTimer>
  start(timer: LeasedTimer): void
  /** Ended by a transaction, if that is committed. */
  markEnding(timer: Timer<unknown>): void
}

interface HeldTimer extends Held<LeasedTimer> {
  isEnding: boolean
}

export function openTimers(deps: RowDeps): Timers {
  const kinds = new Map<string, TimerKind<unknown>>()
  const held = new Map<number, HeldTimer>()
  return {
    kinds,
    held,
    start(timer) {
      if (held.has(timer.generation)) return
      const holding = { item: timer, since: deps.monotonic.now(), isEnding: false }
      held.set(timer.generation, holding)
      const isHeld = () => held.get(timer.generation) === holding
      const release = () => void (isHeld() && held.delete(timer.generation))
      deps.runner.add(SHARED, async () => {
        await fireTimer(deps, kinds, timer, {
          isHeld,
          // Not sooner: its lease is renewed until the transaction is over.
          fired: () => void (holding.isEnding && release()),
        })
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
  deps: RowDeps,
  kinds: Map<string, TimerKind<unknown>>,
  timer: LeasedTimer,
  { isHeld, fired }: { isHeld: () => boolean; fired: () => void },
): Promise<void> {
  const kind = kinds.get(timer.kind)
  if (!kind) return deps.logger.error({ key: timer.key }, `No timer kind "${timer.kind}"`)
  await makeAttempt(deps, {
    name: `${timer.kind} ${timer.key}`,
    accountId: timer.accountId,
    policy: kind,
    starts: timer.starts,
    failures: timer.failures,
    firstAttemptAt: timer.firstAttemptAt,
    async run() {
      await kind.fire(opened(kind, timer))
      fired()
    },
    isHeld,
    postpone: (runAt) => postponeTimer(deps.store.db, deps.store.nodeId, timer, runAt),
    exhaust: (cause) => moveToDeadLetters(deps, timer, cause),
  })
}

function opened(kind: TimerKind<unknown>, timer: LeasedTimer): Timer<unknown> {
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

async function moveToDeadLetters(deps: RowDeps, timer: LeasedTimer, cause: unknown): Promise<void> {
  const { accountId, kind, key, generation, facts, starts, firstAttemptAt } = timer
  await deps.commit({
    accountId,
    documents: [],
    completesTimer: { kind, key, generation },
    deadLetter: {
      source: 'timer',
      name: kind,
      key,
      facts: facts as object,
      attempts: starts,
      firstAttemptAt,
      cause: messageOf(cause),
    },
  })
}
