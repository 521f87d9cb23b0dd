import * as z from 'zod'
import type { RouteSpec } from './route.ts'
import { Instant } from './text.ts'

const base = '/api/v1/accounts/:accountId/dead-letters'
const OneLetter = z.object({
  accountId: z.string(),
  id: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER),
})

/** Work whose attempts are used up: it waits until an administrator puts it back. */
export const DeadLetter = z.object({
  id: z.int(),
  /** An outbox row, or a timer. */
  source: z.enum(['outbox', 'timer']),
  /** The consumer of the outbox row, or the kind of the timer. */
  name: z.string(),
  /** What it is about, such as the id of a conversation. */
  lane: z.string(),
  attempts: z.int(),
  firstAttemptAt: Instant,
  deadAt: Instant,
  /** Why the last attempt failed. */
  cause: z.string(),
})
export type DeadLetter = z.infer<typeof DeadLetter>

export const listDeadLetters = {
  method: 'GET',
  path: base,
  auth: 'delivery:manage',
  summary: 'Work whose attempts are used up, newest first',
  params: z.object({ accountId: z.string() }),
  query: z.object({
    name: z.string().optional(),
    /** The id of the last letter of the page before. */
    beforeId: OneLetter.shape.id.optional(),
    limit: z.coerce.number().int().min(1).max(100).default(100),
  }),
  reply: z.object({ deadLetters: z.array(DeadLetter) }),
} as const satisfies RouteSpec

export const getDeadLetter = {
  method: 'GET',
  path: `${base}/:id`,
  auth: 'delivery:manage',
  summary: 'One of them, with all that it carries',
  params: OneLetter,
  reply: DeadLetter.extend({ facts: z.unknown() }),
} as const satisfies RouteSpec

export const redriveDeadLetter = {
  method: 'POST',
  path: `${base}/:id/redrive`,
  auth: 'delivery:manage',
  summary: 'Puts it back, with all its attempts before it',
  params: OneLetter,
} as const satisfies RouteSpec

export const discardDeadLetter = {
  method: 'DELETE',
  path: `${base}/:id`,
  auth: 'delivery:manage',
  summary: 'Gives it up: what it would have done is not done',
  params: OneLetter,
  status: 204,
} as const satisfies RouteSpec
