import type { ChatSettings } from '@parley/contract'
import type { CommitOperation } from '#base/store'
import type { ChatState } from './state.ts'

export const CHAT_SILENCE = 'chat-silence'

type Limits = Pick<ChatSettings, 'notTakenAfterMs' | 'silenceAfterMs'>

/** When a chat ends by itself if nothing happens. */
export function silenceEndsAt(state: ChatState, limits: Limits): number | undefined {
  if (state.stage === 'ended') return undefined
  if (state.stage === 'waiting') {
    return (state.waitingSince ?? state.startedAt) + limits.notTakenAfterMs
  }
  const heardAt = Math.max(state.acceptedAt ?? state.startedAt, state.lastLineAt ?? 0)
  return heardAt + limits.silenceAfterMs
}

/** Every line moves the end: the timer stays armed and looks again when it rings. */
export function adjustSilenceTimer(
  state: ChatState,
  limits: Limits,
): Pick<CommitOperation, 'arm' | 'disarm'> {
  const dueAt = silenceEndsAt(state, limits)
  const armedAt = state.silenceTimerAt
  const timer = { kind: CHAT_SILENCE, key: state.chatId }
  if (dueAt === undefined) {
    delete state.silenceTimerAt
    return armedAt === undefined ? {} : { disarm: [timer] }
  }
  if (armedAt !== undefined && armedAt <= dueAt) return {}
  state.silenceTimerAt = dueAt
  return { arm: [{ ...timer, dueAt, facts: { chatId: state.chatId } }] }
}
