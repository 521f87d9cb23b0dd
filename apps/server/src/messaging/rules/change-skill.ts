import { type Actor, originatorOf, requireAgent, requireParticipant } from './actor.ts'
import { assignedAgent, type Draft, note, remember, requireOpen } from './draft.ts'
import { cancelRings } from './ring.ts'

/** Moves the conversation to another skill; without an assigned agent it is routed anew. */
export function changeSkill(draft: Draft, actor: Actor, skillId: string): void {
  const { state, at } = draft
  requireOpen(state)
  requireAgent(actor)
  requireParticipant(state, actor)
  if (state.skillId === skillId) return
  const from = state.skillId
  state.skillId = skillId
  state.transferred = true
  state.updatedAt = at
  if (!assignedAgent(state)) {
    if (!state.suggestion) cancelRings(state)
    state.refusals = {}
  }
  remember(draft, { kind: 'skill', from, to: skillId, by: actor.userId })
  note(draft, { kind: 'skill-changed', from, to: skillId }, originatorOf(state, actor))
}
