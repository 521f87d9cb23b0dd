import type { ChatSettings } from '@parley/contract'
import type { CommitOperation } from '#base/store'
import type { ChatState } from './state.ts'

export const CHAT_SILENCE = 'chat-silence'

type Limits = Pick<ChatSettings, 'notTakenAfterMs' | 'silenceAfterMs'>

/** The instant at which a chat ends, or an offer of it to one agent, if nothing happens before. */
export function nextEndsAt(state: ChatState, limits: Limits): number | undefined {
  const endsAt = silenceEndsAt(state, limits)
  const { until = Infinity } = state.offeredTo ?? {}
  return endsAt === undefined ? undefined : Math.min(endsAt, until)
}

/** The instant at which a chat ends if nothing happens before. */
export function silenceEndsAt(state: ChatState, limits: Limits): number | undefined {
  const {
    stage,
    startedAt,
    waitingSince = startedAt,
    acceptedAt = startedAt,
    lastLineAt = 0,
  } = state
  switch (stage) {
    case 'waiting':
      return waitingSince + limits.notTakenAfterMs
    case 'active':
      return Math.max(acceptedAt, lastLineAt) + limits.silenceAfterMs
    case 'ended':
      return undefined
  }
}

/** Every message moves that instant. The armed timer stays: when it fires too early, it is armed again. */
export function adjustSilenceTimer(
  state: ChatState,
  limits: Limits,
): Pick<CommitOperation, 'arm' | 'disarm'> {
  const dueAt = nextEndsAt(state, limits)
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
