import * as z from 'zod'
import type { Db } from '#base/store'
import { findTimers } from './timer-repository.ts'
import type { TimerKind } from './types.ts'

/** Whose timers those are that do something for all accounts. No account has this id. */
export const ALL_ACCOUNTS = '*'

/** What became of one due time. `partly`: something could not be done yet; `failed`: no attempt came to its end. */
const Outcome = z.enum(['done', 'partly', 'failed'])
export type Outcome = z.infer<typeof Outcome>

/** What became of the last due time, in the facts of the timer. */
const Last = z.object({ dueAt: z.number(), endedAt: z.number(), outcome: Outcome })
export type Last = z.infer<typeof Last>
const Facts = z.looseObject({ last: Last.optional().catch(undefined) })

/** When work that recurs is due next, and what became of it last. */
export interface RecurringWork {
  name: string
  key: string
  nextAt: string
  /** Of the attempts of this due time. */
  failures: number
  /** Absent before its first time. */
  last?: { dueAt: string; endedAt: string; outcome: Outcome }
}

/** That of an account, or of all accounts together. */
export async function listRecurring(
  db: Db,
  kinds: Iterable<TimerKind<unknown>>,
  accountId: string,
): Promise<RecurringWork[]> {
  const names = [...kinds].filter(({ recurs }) => recurs).map(({ kind }) => kind)
  if (names.length === 0) return []
  const timers = await findTimers(db, accountId, names)
  return timers.map(({ kind, key, runAt, failures, facts }) => {
    const { last } = Facts.parse(facts)
    const shown = { name: kind, key, nextAt: runAt.toISOString(), failures }
    return last ? { ...shown, last: lastOf(last) } : shown
  })
}

function lastOf({ dueAt, endedAt, outcome }: Last) {
  const iso = (at: number) => new Date(at).toISOString()
  return { dueAt: iso(dueAt), endedAt: iso(endedAt), outcome }
}
