import * as z from 'zod'
import type { Clock } from '#base/kernel'
import type { Delivery } from './open.ts'
import { ALL_ACCOUNTS, type Last, type Outcome } from './recurring-work.ts'
import type { RetryPolicy, Timer, TimerKind, Workers } from './types.ts'

/** Work that is due again and again. */
export interface Recurring extends RetryPolicy {
  readonly kind: string
  readonly workers: Workers
  /** The work of one due time. */
  run(timer: Timer<object>): Promise<'done' | 'partly'>
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
  async function goOn(timer: Timer<object>, outcome: Outcome, more: object = {}): Promise<void> {
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
      await goOn(timer, await run(timer))
    },
    exhausted: {
      // A dead letter of all accounts would be read by nobody.
      goOn: (timer, deadLetter) =>
        goOn(timer, 'failed', timer.accountId === ALL_ACCOUNTS ? {} : { deadLetter }),
    },
  }
}
