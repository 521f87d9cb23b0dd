import { type Endpoint, openConsumer } from '@parley/client'
import * as z from 'zod'

const Changes = z.looseObject({
  changes: z.array(
    z.looseObject({
      sequence: z.number(),
      originatorMetadata: z.looseObject({ role: z.string() }),
      event: z.looseObject({ type: z.string(), message: z.unknown().optional() }),
    }),
  ),
})

/** One stored message of a dialog, of whatever kind. */
export interface Stored {
  sequence: number
  type: string
  role: string
  text: string
}

/** The stored history of a dialog, as its consumer reads it. */
export async function readHistory(
  endpoint: Endpoint,
  place: { jwt: string; conversationId: string; dialogId: string },
): Promise<Stored[]> {
  using consumer = await openConsumer(endpoint, { jwt: place.jwt })
  const stored: Stored[] = []
  consumer.socket.subscribe(({ type, body }) => {
    if (!type.endsWith('MessagingEventNotification')) return
    for (const { sequence, originatorMetadata, event } of Changes.parse(body).changes) {
      const text = typeof event.message === 'string' ? event.message : ''
      stored.push({ sequence, type: event.type, role: originatorMetadata.role, text })
    }
  })
  await consumer.follow(place.conversationId, place.dialogId)
  // Answered behind the notification with the history.
  await consumer.socket.request('GetClock')
  return stored
}

/** What is wrong with the sequences: each number from 0 on must be there, once. */
export function sequenceComplaints(stored: readonly Stored[]): string[] {
  return stored.flatMap(({ sequence }, index) =>
    sequence === index ? [] : [`message ${index} has the sequence ${sequence}`],
  )
}
