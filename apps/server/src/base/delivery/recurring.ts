import { z } from 'zod'
import type { Delivery } from './open.ts'
import type { RetryPolicy, Timer, TimerKind, Workers } from './types.ts'

/** Work that is due again and again. */
export interface Recurring extends RetryPolicy {
  readonly kind: string
  readonly workers: Workers
  /** The work of one due time. */
  run(timer: Timer<object>): Promise<void>
  /** When it is due next, asked after each due time; `undefined` ends it. */
  nextAt(timer: Timer<object>): number | undefined | Promise<number | undefined>
}

/** A timer for work that recurs: whatever becomes of one due time, the next is armed in the commit that ends it. */
export function recurringTimer(
  { commit }: Pick<Delivery, 'commit'>,
  { run, nextAt, ...kind }: Recurring,
): TimerKind<object> {
  async function goOn(timer: Timer<object>, more: object = {}): Promise<void> {
    const { accountId, kind: name, key, generation, facts } = timer
    const dueAt = await nextAt(timer)
    await commit({
      accountId,
      documents: [],
      completesTimer: { kind: name, key, generation },
      ...(dueAt !== undefined && { arm: [{ kind: name, key, dueAt, facts }] }),
      ...more,
    })
  }
  return {
    ...kind,
    facts: z.looseObject({}),
    async fire(timer) {
      await run(timer)
      await goOn(timer)
    },
    exhausted: { goOn: (timer, deadLetter) => goOn(timer, { deadLetter }) },
  }
}
