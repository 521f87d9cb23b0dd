import * as z from 'zod'
import type { Clock } from '#base/kernel'
import type { CommitOperation } from '#base/store'
import type { Delivery } from './open.ts'
import { ALL_ACCOUNTS, type Last, type Outcome } from './recurring-work.ts'
import type { RetryPolicy, Timer, TimerKind, Workers } from './types.ts'

type Written = Required<Pick<CommitOperation, 'documents' | 'outbox'>>

/** Work that is due again and again. */
export interface Recurring extends RetryPolicy {
  readonly kind: string
  readonly workers: Workers
  /** The work of one due time; or what it has to write, in the commit that ends the due time: exactly once. */
  run(timer: Timer<object>): Promise<'done' | 'partly' | Written>
  /** When it is due next, asked after each due time; `undefined` ends it. */
  nextAt(timer: Timer<object>, outcome: Outcome): number | undefined | Promise<number | undefined>
}

/**
 * A timer for work that recurs: whatever becomes of one due time, the next is armed in the commit that ends it, and carries what
 * became of it.
 */
export function recurringTimer(
  { delivery, clock }: { delivery: Pick<Delivery, 'commit'>; clock: Pick<Clock, 'now'> },
  { run, nextAt, ...kind }: Recurring,
): TimerKind<object> {
  async function goOn(
    timer: Timer<object>,
    outcome: Outcome,
    more: Partial<CommitOperation> = {},
  ): Promise<void> {
    const { accountId, kind: name, key, generation } = timer
    const dueAt = await nextAt(timer, outcome)
    const last: Last = { dueAt: timer.dueAt, endedAt: clock.now(), outcome }
    const facts = { ...timer.facts, last }
    await delivery.commit({
      accountId,
      documents: [],
      completesTimer: { kind: name, key, generation },
      ...(dueAt !== undefined && { arm: [{ kind: name, key, dueAt, facts }] }),
      ...more,
    })
  }
  return {
    ...kind,
    recurs: true,
    facts: z.looseObject({}),
    async fire(timer) {
      const done = await run(timer)
      await (typeof done === 'string' ? goOn(timer, done) : goOn(timer, 'done', done))
    },
    exhausted: {
      // A dead letter of all accounts would be read by nobody.
      goOn: (timer, deadLetter) =>
        goOn(timer, 'failed', timer.accountId === ALL_ACCOUNTS ? {} : { deadLetter }),
    },
  }
}
