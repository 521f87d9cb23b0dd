import type { CsatRate } from '@parley/contract'
import { ParleyError } from '#base/kernel'
import { type Actor, requireParticipant } from './actor.ts'
import type { Decision } from './decision.ts'

/** Stores the answer to the older kind of survey, which has one question. */
export function rateConversation(decision: Decision, actor: Actor, rate: CsatRate): void {
  if (actor.kind !== 'consumer') {
    throw new ParleyError('forbidden', 'Only the consumer may rate a conversation')
  }
  requireParticipant(decision.state, actor)
  decision.state.csat = { ...decision.state.csat, ...rate }
  decision.state.updatedAt = decision.at
}
