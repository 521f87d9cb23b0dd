import type { CbotEventType, MessagingPayload } from '@parley/contract/events'
import type { Scene } from '#testing'

export interface Invocation {
  eventId: string
  outcome: string
  errorCode: string | null
  attempt: number
  commands: { type: string; applied: boolean; reason?: string }[] | null
  payload: MessagingPayload
  functionId: string
  invocationId: string
}

/** What functions were asked about a conversation, in the order in which they were. */
export async function invocationsOf(scene: Scene, conversationId: string): Promise<Invocation[]> {
  const rows = await scene.context.store.db
    .selectFrom('invocation')
    .selectAll()
    .where('accountId', '=', scene.accountId)
    .where('conversationId', '=', conversationId)
    .orderBy('startedAt')
    .orderBy('attempt')
    .execute()
  return rows.map(({ eventId, outcome, errorCode, attempt, commands, inputJson, ...row }) => ({
    eventId: eventId ?? '',
    outcome,
    errorCode,
    attempt,
    commands,
    payload: (JSON.parse(inputJson!) as { payload: MessagingPayload }).payload,
    functionId: row.functionId,
    invocationId: row.invocationId,
  }))
}

export async function payloadsOf(
  scene: Scene,
  conversationId: string,
  type: CbotEventType,
): Promise<MessagingPayload[]> {
  const invocations = await invocationsOf(scene, conversationId)
  return invocations
    .map(({ payload }) => payload)
    .filter(({ general }) => general.cbotEventType === type)
}
