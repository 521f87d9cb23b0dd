import { declareBound, openPlaces } from '#base/bounds'
import { NotNow, type OutboxConsumer } from '#base/delivery'
import { openKeyedQueue } from '#base/kit'
import type { Deps } from './deps.ts'
import { WEBHOOKS, WebhookFacts } from './facts.ts'
import { postNotification } from './post.ts'
import { isWanted } from './rows.ts'

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS

/** Back-off as delivery's, then hours: eighteen attempts in 24 hours. */
const RETRY_DELAYS_MS = [
  500,
  2 * SECOND_MS,
  5 * SECOND_MS,
  15 * SECOND_MS,
  30 * SECOND_MS,
  MINUTE_MS,
  2 * MINUTE_MS,
  5 * MINUTE_MS,
  10 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  ...Array.from({ length: 5 }, () => 4 * HOUR_MS),
  2 * HOUR_MS,
]

const PLACES = declareBound({
  kind: 'places',
  holds: 'notifications that are being sent to webhooks, or wait for that',
  limit: 1_024,
  each: 64,
  per: 'node',
  beyond: 'more of an application stay in the outbox for a second, those of others go on',
})
/** Of the places of an application: calls that run at once. The others wait behind them. */
const CALLS_AT_ONCE = 16
const BUSY_MS = SECOND_MS

/**
 * Sends notifications to the end points of applications. Those of a conversation go one after the other, those of an application
 * that is slow or silent have places of their own.
 */
export function webhookConsumer(deps: Deps): OutboxConsumer<WebhookFacts> {
  const { credentials, delivery, clock } = deps
  const places = openPlaces(PLACES)
  const calls = openKeyedQueue()
  return {
    name: WEBHOOKS,
    facts: WebhookFacts,
    workers: PLACES.limit,
    retryDelaysMs: RETRY_DELAYS_MS,
    retryWindowMs: 24 * HOUR_MS,
    windowBeginsAtCreation: true,
    async handle(row) {
      const { accountId, facts } = row
      const { clientId, event, goodUntil = Infinity, payload } = facts
      const application = `${accountId} ${clientId}`
      using place = places.take(application)
      if (!place) throw new NotNow(clock.now() + BUSY_MS)
      await calls.run(`${application} ${row.id % CALLS_AT_ONCE}`, async () => {
        // As it is now: an administrator may have changed it while the row waited.
        const webhook = await credentials.findWebhook(accountId, clientId)
        if (!webhook || !isWanted(webhook.events, event) || goodUntil < clock.now()) return
        try {
          await postNotification(deps, accountId, webhook.url, {
            payload,
            headers: {
              'X-Liveperson-Account-Id': accountId,
              'X-Liveperson-Client-Id': clientId,
              'X-Liveperson-Signature': webhook.signatureOf(payload),
              // The same for every attempt: by it an end point knows what it has had already.
              'X-Parley-Delivery-Id': String(row.id),
            },
          })
        } catch (error) {
          if (goodUntil === Infinity) throw error
        }
      })
      await delivery.end(row)
    },
  }
}
