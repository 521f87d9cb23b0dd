import * as z from 'zod'
import type { RouteSpec } from './route.ts'

/** One kind of thing that is stored, and when it ends. */
export const KeptData = z.object({
  /** A table, or a kind of `document`. */
  name: z.string(),
  /** The setting of `retention` that says how many days. */
  setting: z.string().optional(),
  /** By that setting now; `null` for ever. */
  days: z.int().nullable().optional(),
  /** Since when the days count, or what else it is kept by; in English. */
  said: z.string(),
})
export type KeptData = z.infer<typeof KeptData>

export const listKeptData = {
  method: 'GET',
  path: '/api/v1/accounts/:accountId/kept-data',
  auth: 'account:read',
  summary: 'Everything that is stored, and how long it is kept',
  params: z.object({ accountId: z.string() }),
  reply: z.object({ kept: z.array(KeptData) }),
} as const satisfies RouteSpec
