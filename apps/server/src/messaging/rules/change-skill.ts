import { type Actor, originatorOf, requireAgent, requireParticipant } from './actor.ts'
import { assignedAgent, type Decision, note, remember, requireOpen } from './decision.ts'
import { cancelRings } from './ring.ts'
import { changeDelay, type Delay, refreshEffectiveTtr } from './time-to-respond.ts'

/** Moves the conversation to another skill, whose hours count from now on; without an assigned agent it is routed anew. */
export function changeSkill(
  decision: Decision,
  actor: Actor,
  { skillId, delay }: { skillId: string; delay: Delay },
): void {
  const { state, at } = decision
  requireOpen(state)
  requireAgent(actor)
  requireParticipant(state, actor)
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
