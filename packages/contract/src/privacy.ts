import * as z from 'zod'
import type { RouteSpec } from './route.ts'

const base = '/api/v1/accounts/:accountId/erasures'

/** The erasure of one consumer, and how far it has got. */
export const Erasure = z.object({
  erasureId: z.string(),
  consumerId: z.string(),
  requestedAt: z.number(),
  state: z.enum(['running', 'done']),
  doneAt: z.number().optional(),
  conversations: z.int(),
})
export type Erasure = z.infer<typeof Erasure>

export const requestErasure = {
  method: 'POST',
  path: base,
  auth: 'account:write',
  summary:
    'Erases a consumer: conversations, files, records, logs and mails; an open conversation is closed',
  params: z.object({ accountId: z.string() }),
  body: z.object({ consumerId: z.string().min(1).max(128) }),
  reply: Erasure,
  status: 202,
} as const satisfies RouteSpec

export const getErasure = {
  method: 'GET',
  path: `${base}/:erasureId`,
  auth: 'account:read',
  summary:
    'What has become of an erasure: done a minute later, when no function can still write about it',
  params: z.object({ accountId: z.string(), erasureId: z.string() }),
  reply: Erasure,
} as const satisfies RouteSpec
