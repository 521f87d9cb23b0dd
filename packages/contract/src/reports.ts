import * as z from 'zod'
import type { RouteSpec } from './route.ts'
import { Instant } from './text.ts'

export const previewReport = {
  method: 'GET',
  path: '/api/v1/accounts/:accountId/report-preview',
  auth: 'report:read',
  summary: 'The newest report by mail, as it would leave now, and when the next one leaves',
  params: z.object({ accountId: z.string() }),
  query: z.object({
    /** That of the settings unless given; `daily` where that is `none`. */
    frequency: z.enum(['daily', 'weekly']).optional(),
  }),
  reply: z.object({
    from: Instant,
    to: Instant,
    subject: z.string(),
    html: z.string(),
    text: z.string(),
    /** Absent where no sender is known: mails are held then. */
    senderEmail: z.string().optional(),
    /** Without one, reports are kept in the mail outbox. */
    mailServer: z.boolean(),
    /** Absent where none will leave. */
    nextAt: Instant.optional(),
  }),
} as const satisfies RouteSpec
