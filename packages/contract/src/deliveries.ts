import * as z from 'zod'
import type { RouteSpec } from './route.ts'
import { Instant } from './text.ts'

/** An outbox row, or a timer. */
const Source = z.enum(['outbox', 'timer'])

/** Work of one kind that is not done yet. */
export const DeliveryQueue = z.object({
  source: Source,
  /** The consumer of outbox rows, or the kind of timers. */
  name: z.string(),
  /** All of it, also what is being done now. */
  waiting: z.int(),
  running: z.int(),
  /** Has failed, and is tried again. */
  failing: z.int(),
  /** Since when the oldest that is due waits. */
  dueSince: Instant.optional(),
  /** When the next of the rest becomes due. */
  nextAt: Instant.optional(),
})
export type DeliveryQueue = z.infer<typeof DeliveryQueue>

/** Work that has failed and is tried again. */
export const FailingDelivery = z.object({
  source: Source,
  name: z.string(),
  /** What it is about, such as the id of a conversation. */
  lane: z.string(),
  failures: z.int(),
  firstAttemptAt: Instant.optional(),
  nextAttemptAt: Instant,
})
export type FailingDelivery = z.infer<typeof FailingDelivery>

/** Work that is due again and again, each night for example. */
export const RecurringWork = z.object({
  /** The kind of its timer. */
  name: z.string(),
  /** `server`: for all accounts together. */
  of: z.enum(['account', 'server']),
  nextAt: Instant,
  /** Attempts of this due time that have failed. */
  failures: z.int(),
  /** What became of it last; absent before its first time. */
  last: z
    .object({
      dueAt: Instant,
      endedAt: Instant,
      /** `partly`: something could not be done yet; `failed`: no attempt came to its end. Either way it goes on. */
      outcome: z.enum(['done', 'partly', 'failed']),
    })
    .optional(),
})
export type RecurringWork = z.infer<typeof RecurringWork>

export const listDeliveries = {
  method: 'GET',
  path: '/api/v1/accounts/:accountId/deliveries',
  auth: 'delivery:manage',
  summary:
    'Work that is not done yet, by who does it; the hundred next that have failed before; work that recurs, with what became of it last',
  params: z.object({ accountId: z.string() }),
  reply: z.object({
    queues: z.array(DeliveryQueue),
    failing: z.array(FailingDelivery),
    recurring: z.array(RecurringWork),
    /** There is more than the 10,000 rows and 10,000 timers that are counted. */
    isCut: z.boolean(),
  }),
} as const satisfies RouteSpec
