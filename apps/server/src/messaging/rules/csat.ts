import type { CsatRate } from '@parley/contract'
import { ParleyError } from '#base/kernel'
import { type Actor, requireParticipant } from './actor.ts'
import type { Draft } from './draft.ts'

/** Stores the answer to the older kind of survey, which has one question. */
export function rateConversation(draft: Draft, actor: Actor, rate: CsatRate): void {
  if (actor.kind !== 'consumer') {
    throw new ParleyError('forbidden', 'Only the consumer may rate a conversation')
  }
  requireParticipant(draft.state, actor)
  draft.state.csat = { ...draft.state.csat, ...rate }
  draft.state.updatedAt = draft.at
}
