import type { ConversationState, Ttr } from '@parley/contract'
import { ParleyError } from '#base/kernel'
import { type Actor, originatorOf, requireAgent, requireParticipant } from './actor.ts'
import { type Decision, note, requireOpen } from './decision.ts'

/** Seconds to respond for the types whose value is the account's, not the caller's. */
export type TtrSeconds = Record<'URGENT' | 'NORMAL' | 'PRIORITIZED', number>

export function ttrOf(
  seconds: TtrSeconds,
  asked: { ttrType: Ttr['ttrType']; value?: number | undefined },
): Ttr {
  if (asked.ttrType !== 'CUSTOM') return { ttrType: asked.ttrType, value: seconds[asked.ttrType] }
  if (asked.value === undefined) {
    throw new ParleyError('invalid_request', 'A CUSTOM response time needs a value')
  }
  return { ttrType: 'CUSTOM', value: asked.value }
}

export function changeTtr(decision: Decision, actor: Actor, ttr: Ttr): void {
  const { state } = decision
  requireOpen(state)
  requireParticipant(state, actor)
  if (actor.kind === 'consumer' && !['URGENT', 'NORMAL'].includes(ttr.ttrType)) {
    throw new ParleyError('forbidden', `A consumer cannot ask for ${ttr.ttrType}`)
  }
  const from = state.ttr
  if (from.ttrType === ttr.ttrType && from.value === ttr.value) return
  state.ttr = ttr
  state.updatedAt = decision.at
  refreshEffectiveTtr(state)
  note(decision, { kind: 'ttr-changed', from, to: ttr }, originatorOf(state, actor))
}

/** What published clients have for no time set by hand. */
export const NO_TIME = 0

/** A response time set by hand: it wins over the TTR and over a delay, until the consumer asks anew after it. */
export function changeManualEttr(decision: Decision, actor: Actor, at: number): void {
  const { state } = decision
  requireOpen(state)
  requireAgent(actor)
  requireParticipant(state, actor)
  if ((state.manualEttr ?? NO_TIME) === at) return
  if (at === NO_TIME) delete state.manualEttr
  else state.manualEttr = at
  state.updatedAt = decision.at
  refreshEffectiveTtr(state)
  note(decision, { kind: 'manual-ettr', at }, originatorOf(state, actor))
}

export type Delay = ConversationState['delay']

/** The contact centre is closed until then, or open: what has waited for its opening is not due by the time before. */
export function changeDelay({ state, at }: Pick<Decision, 'state' | 'at'>, delay: Delay): void {
  if (state.delay && state.unansweredSince !== undefined) {
    state.awaitedFrom = Math.max(state.awaitedFrom ?? 0, Math.min(state.delay.tillWhen, at))
  }
  if (delay) state.delay = delay
  else delete state.delay
}

/** The consumer asks something new: a time set by hand that is over was for what has been answered. */
export function endManualEttr({ state, at }: Pick<Decision, 'state' | 'at'>): void {
  if (state.manualEttr !== undefined && state.manualEttr <= at) delete state.manualEttr
}

/** When an answer is due: counted from the consumer's oldest unanswered message, or from the end of a delay. */
export function refreshEffectiveTtr(state: ConversationState): void {
  if (state.state === 'CLOSE') {
    state.effectiveTtr = -1
    return
  }
  const asked = state.unansweredSince ?? state.lastConsumerMessageAt ?? state.startedAt
  const countsFrom = Math.max(asked, state.awaitedFrom ?? 0, state.delay?.tillWhen ?? 0)
  state.effectiveTtr = state.manualEttr ?? countsFrom + state.ttr.value * 1000
}
