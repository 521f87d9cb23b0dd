import * as z from 'zod'
import type { RouteSpec } from './route.ts'
import { AskedId, Instant } from './text.ts'

/** A host that a function called and was refused, and how often. */
export const BlockedCall = z.object({
  functionId: z.string(),
  host: z.string(),
  port: z.int(),
  count: z.int(),
  firstAt: Instant,
  lastAt: Instant,
  /** Of the last refusal. */
  reason: z.string(),
  /** File and line as the function's process reports them; absent when a library hides them. */
  calledFrom: z.string().optional(),
  /** The domain to put on the list of allowed domains; absent when it is there or can never be. */
  allowedDomain: z.string().optional(),
  /** The entry of PARLEY_EGRESS_PRIVATE by which the operator would let this private or local target be reached. */
  privateTarget: z.string().optional(),
})
export type BlockedCall = z.infer<typeof BlockedCall>

export const listBlockedCalls = {
  method: 'GET',
  path: '/api/v1/accounts/:accountId/blocked-calls',
  auth: 'allowlist:read',
  summary: 'Outgoing calls of functions that were refused, and what would allow them; newest first',
  params: z.object({ accountId: z.string() }),
  query: z.object({
    functionId: AskedId.optional(),
    limit: z.coerce.number().int().min(1).max(500).default(100),
  }),
  reply: z.object({ blockedCalls: z.array(BlockedCall) }),
} as const satisfies RouteSpec
