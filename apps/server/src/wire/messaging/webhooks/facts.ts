import * as z from 'zod'

/** The outbox consumer that tells applications of the conversations that they have opened. */
export const WEBHOOKS = 'webhooks'

export const WebhookFacts = z.object({
  clientId: z.string(),
  /** Such as `ms.MessagingEventNotification.ContentEvent`. */
  event: z.string(),
  /** The notification as it is sent: every attempt has the same bytes. */
  payload: z.string(),
  /** Not sent afterwards, and not tried again. Absent: it must arrive. */
  goodUntil: z.number().optional(),
})
export type WebhookFacts = z.infer<typeof WebhookFacts>
