import { z } from 'zod'
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

export const listDeliveries = {
  method: 'GET',
  path: '/api/v1/accounts/:accountId/deliveries',
  auth: 'delivery:manage',
  summary:
    'Work that is not done yet, by who does it; and the hundred next that have failed before',
  params: z.object({ accountId: z.string() }),
  reply: z.object({
    queues: z.array(DeliveryQueue),
    failing: z.array(FailingDelivery),
    /** There is more than the 10,000 rows and 10,000 timers that are counted. */
    isCut: z.boolean(),
  }),
} as const satisfies RouteSpec
