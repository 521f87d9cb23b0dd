import type { Insertable } from 'kysely'
import type { Tables } from '#base/store'

/** What an invocation always leaves behind: a row of table `invocation`. */
export type InvocationRecord = Insertable<Tables['invocation']> & { startedAt: Date }

/** The record of a function that ran. */
export type RanRecord = InvocationRecord & {
  outcome: Exclude<InvocationRecord['outcome'], 'NOT_RUN'>
}
