import { acceptRing, expireRing, openRing, rejectRing } from '#messaging/rules'
import { ParleyError } from '#base/kernel'
import type { Deps } from './deps.ts'
import { findAgent } from './agents.ts'
import { writeConversation } from './write.ts'

export async function answerRing(
  deps: Deps,
  accountId: string,
  userId: string,
  { ringId, answer }: { ringId: string; answer: 'ACCEPTED' | 'REJECTED' },
): Promise<void> {
  const conversationId = ringId.split('_', 1)[0] ?? ''
  const known = await deps.documents.find('conversation', accountId, conversationId)
  if (!known) throw new ParleyError('not_found', `No ring "${ringId}"`)
  await writeConversation(deps, accountId, conversationId, (draft) =>
    answer === 'ACCEPTED' ? acceptRing(draft, ringId, userId) : rejectRing(draft, ringId, userId),
  )
}

/** An agent that has been gone for a while does not answer any more. */
export async function expireRingsOf(deps: Deps, accountId: string, userId: string): Promise<void> {
  const { slots } = await findAgent(deps, accountId, userId)
  for (const conversationId of slots) {
    await writeConversation(deps, accountId, conversationId, (draft) => {
      const ring = openRing(draft.state)
      if (ring?.userId === userId) expireRing(draft, ring.ringId)
    })
  }
}
