import { setTimeout as sleep } from 'node:timers/promises'
import { type Endpoint, request } from '@parley/client'
import * as z from 'zod'

/** What the server keeps of an invocation, as far as the demo shows it. */
const InvocationRecord = z.looseObject({
  functionId: z.string(),
  eventId: z.string().nullish(),
  outcome: z.string(),
  errorCode: z.string().nullish(),
  durationMs: z.number(),
  start: z.string().nullish(),
  input: z
    .looseObject({
      payload: z.looseObject({ general: z.looseObject({ cbotEventType: z.string() }).optional() }),
    })
    .nullish(),
  result: z.unknown(),
  commands: z
    .array(z.looseObject({ type: z.string(), applied: z.boolean(), reason: z.string().nullish() }))
    .nullish()
    .transform((commands) => commands ?? []),
})
export type InvocationRecord = z.infer<typeof InvocationRecord>

const Records = z.looseObject({ invocations: z.array(InvocationRecord) })

/** A function may take half a minute, and records are written in batches. */
const PATIENCE_MS = 60_000
const PAUSE_MS = 100

export async function findRecord(
  session: Endpoint & { bearer: string },
  asked: { conversationId: string; functionId: string },
): Promise<InvocationRecord> {
  const path = `/api/v1/accounts/${session.accountId}/invocations?conversationId=${asked.conversationId}`
  const deadline = performance.now() + PATIENCE_MS
  while (performance.now() < deadline) {
    const answer = await request(session.url, { method: 'GET', path, bearer: session.bearer })
    const record = Records.parse(answer).invocations.find(
      ({ functionId }) => functionId === asked.functionId,
    )
    if (record) return record
    await sleep(PAUSE_MS)
  }
  throw new Error(`No record of an invocation in conversation ${asked.conversationId}`)
}
