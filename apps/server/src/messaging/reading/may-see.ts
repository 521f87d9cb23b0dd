import type { ConversationState, StoredMessage } from '@parley/contract'
import { type Actor, hasSkill, isAgentOf, isConsumerOf } from '#messaging/rules'
import { ParleyError } from '#base/kernel'

/** Who reads conversations: a consumer its own, an agent those of its skills, a supervisor all. */
export interface Reader extends Actor {
  skillIds?: readonly string[]
}

export function maySee(reader: Reader, state: ConversationState): boolean {
  if (reader.kind === 'consumer') return isConsumerOf(state, reader.userId)
  if (reader.kind === 'system' || reader.supervises) return true
  return (
    isAgentOf(state, reader.userId) || hasSkill({ skillIds: reader.skillIds ?? [] }, state.skillId)
  )
}

export function maySeeMessage(reader: Reader, { audience }: StoredMessage): boolean {
  return audience === 'ALL' || reader.kind !== 'consumer'
}

/** @throws ParleyError `conversation_not_found` for a conversation that the reader must not see */
export function requireSight(reader: Reader, state: ConversationState): void {
  if (maySee(reader, state)) return
  throw new ParleyError('conversation_not_found', `No conversation "${state.conversationId}"`)
}
