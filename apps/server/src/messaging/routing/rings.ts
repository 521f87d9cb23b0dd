import { acceptRing, rejectRing } from '#messaging/rules'
import { ParleyError } from '#base/kernel'
import type { RoutingDeps } from './deps.ts'

/** @throws ParleyError `not_found` when there is no such ring */
export async function answerRing(
  { conversations, reading }: Pick<RoutingDeps, 'conversations' | 'reading'>,
  accountId: string,
  userId: string,
  { ringId, answer }: { ringId: string; answer: 'ACCEPTED' | 'REJECTED' },
): Promise<void> {
  const conversationId = ringId.split('_', 1)[0] ?? ''
  const found = await reading.documents.find('conversation', accountId, conversationId)
  if (!found) throw new ParleyError('not_found', `No ring "${ringId}"`)
  await conversations.changeConversation(accountId, conversationId, (decision) =>
    answer === 'ACCEPTED'
      ? acceptRing(decision, ringId, userId)
      : rejectRing(decision, ringId, userId),
  )
}
