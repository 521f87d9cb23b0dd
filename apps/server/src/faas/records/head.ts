import type { Insertable } from 'kysely'
import type { Tables } from '#base/store'

/** What an invocation always leaves behind: a row of table `invocation`. */
export type InvocationHead = Insertable<Tables['invocation']> & { startedAt: Date }

/** That of a function that ran. */
export type RanHead = InvocationHead & { outcome: Exclude<InvocationHead['outcome'], 'NOT_RUN'> }
