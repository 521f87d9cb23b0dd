import { type Actor, originatorOf, requireAgent, requireParticipant } from './actor.ts'
import { assignedAgent, type Decision, note, remember, requireOpen } from './decision.ts'
import { cancelRings, endSuggestion } from './ring.ts'
import { changeDelay, type Delay, refreshEffectiveTtr } from './time-to-respond.ts'

interface NextSkill {
  skillId: string
  delay: Delay
}

/** Somebody wants agents of a skill, also of the one that it has: who was suggested before is not waited for any more. */
export function changeSkill(decision: Decision, actor: Actor, next: NextSkill): void {
  requireOpen(decision.state)
  requireAgent(actor)
  requireParticipant(decision.state, actor)
  if (!decision.hasSuggested) endSuggestion(decision)
  moveToSkill(decision, actor, next)
}

/** Moves the conversation to another skill, whose hours count from now on; without an assigned agent it is routed anew. */
export function moveToSkill(decision: Decision, actor: Actor, { skillId, delay }: NextSkill): void {
  const { state, at } = decision
  if (state.skillId === skillId) return
  const from = state.skillId
  state.skillId = skillId
  state.transferred = true
  state.updatedAt = at
  changeDelay(decision, delay)
  refreshEffectiveTtr(state)
  // Who has given it back or refused it still comes last: the new skill may be theirs, too.
  if (!assignedAgent(state) && !state.suggestion) cancelRings(state)
  remember(decision, { kind: 'skill', from, to: skillId, by: actor.userId })
  note(decision, { kind: 'skill-changed', from, to: skillId }, originatorOf(state, actor))
}
