import * as z from 'zod'
import type { RouteSpec } from './route.ts'
import { consumerPage } from './settings/consumer-page.ts'
import { Instant } from './text.ts'

/** What a browser needs to show the consumer page of an account. */
export const ConsumerPage = z.object({
  look: consumerPage.schema,
  hours: z.object({
    isOpen: z.boolean(),
    /** The server's time when this was so. */
    at: Instant,
    /** Absent while it is open, and when it stays closed for 30 days. */
    opensAt: Instant.optional(),
    /** Absent while it is closed, and when it stays open for 30 days. */
    closesAt: Instant.optional(),
  }),
  files: z.object({ maxBytes: z.int() }),
})
export type ConsumerPage = z.infer<typeof ConsumerPage>

export const getConsumerPage = {
  method: 'GET',
  path: '/api/v1/accounts/:accountId/consumer/page',
  auth: 'public',
  summary: 'How the consumer page looks, and whether the account or a skill is open now',
  params: z.object({ accountId: z.string() }),
  query: z.object({ skill: z.string().max(32).optional() }),
  reply: ConsumerPage,
} as const satisfies RouteSpec
