import type { ConversationState, IdleKind, TimerNote } from '@parley/contract'
import * as z from 'zod'
import { needsAgent, findOpenRing } from './ring.ts'

/** The kind of all timers of conversations in `delivery`. Their facts name which of a conversation's timers it is. */
export const CONVERSATION_TIMER = 'conversation'

/** The timers that a conversation may have armed. */
export const TimerName = z.enum([
  'ring',
  'ring-again',
  'suggestion',
  'idle-queue',
  'idle-agent',
  'idle-consumer',
  'auto-close',
  'left-survey',
])
export type TimerName = z.infer<typeof TimerName>

/** After how long a conversation counts as idle, and how often that is noted. */
export interface IdleThreshold {
  afterMs: number
  repeat: number
}

export interface TimerRules {
  idle: Partial<Record<IdleKind, IdleThreshold>>
  autoCloseAfterMs: number
}

/** Their due time moves with every message: they stay armed and check it when they fire. */
const LAZY = new Set<TimerName>(['idle-queue', 'idle-agent', 'idle-consumer', 'auto-close'])
/** A survey that its bot has left open. */
const LEFT_SURVEY_MS = 48 * 3600_000

/** When a timer should fire by the present state; `undefined` when it should not. */
export function wantedAt(
  state: ConversationState,
  name: TimerName,
  rules: TimerRules,
): number | undefined {
  switch (name) {
    case 'ring':
      return findOpenRing(state)?.expiresAt
    case 'ring-again':
      return needsAgent(state) ? state.ringAgainAt : undefined
    case 'suggestion':
      return state.suggestion?.until
    case 'idle-queue':
      return idleAt(state, 'queue', rules)
    case 'idle-agent':
      return idleAt(state, 'agent', rules)
    case 'idle-consumer':
      return idleAt(state, 'consumer', rules)
    case 'auto-close':
      return autoCloseAt(state, rules)
    case 'left-survey':
      return leftSurveyAt(state)
  }
}

/** Since when a conversation idles in this way. */
export function idleSince(state: ConversationState, kind: IdleKind): number | undefined {
  if (state.state === 'CLOSE') return undefined
  if (kind === 'queue') return state.waitingSince
  if (kind === 'consumer') return state.consumerPendingSince
  if (state.unansweredSince === undefined || state.assignedAgentId === undefined) return undefined
  return Math.max(state.lastConsumerMessageAt ?? state.unansweredSince, state.assignedAt ?? 0)
}

function idleAt(
  state: ConversationState,
  kind: IdleKind,
  { idle }: TimerRules,
): number | undefined {
  const since = idleSince(state, kind)
  const rule = idle[kind]
  if (since === undefined || !rule) return undefined
  const count = state.idle[kind]?.since === since ? state.idle[kind] : undefined
  const fired = count?.fired ?? 0
  if (fired >= rule.repeat) return undefined
  // Where the time has become shorter, several would be due at once.
  const notBefore = count?.firedAt === undefined ? 0 : count.firedAt + rule.afterMs
  return Math.max(since + rule.afterMs * (fired + 1), notBefore)
}

/** Only while it is the consumer's turn, and never with a response time set by hand. */
function autoCloseAt(
  state: ConversationState,
  { autoCloseAfterMs }: TimerRules,
): number | undefined {
  if (state.state === 'CLOSE' || state.manualEttr !== undefined) return undefined
  if (state.consumerPendingSince === undefined) return undefined
  return state.consumerPendingSince + autoCloseAfterMs
}

function leftSurveyAt({ dialogs }: ConversationState): number | undefined {
  const survey = dialogs.find(({ type, state }) => type === 'POST_SURVEY' && state === 'OPEN')
  return survey && survey.openedAt + LEFT_SURVEY_MS
}

/** Whether a timer is to fire earlier than it is armed for, or is not armed at all. */
export function isArmedLate(state: ConversationState, rules: TimerRules): boolean {
  return TimerName.options.some((name) => {
    const wanted = wantedAt(state, name, rules)
    return wanted !== undefined && wanted < (state.timers[name] ?? Infinity)
  })
}

/** Since when there is what a timer waits for, as far as the state remembers. */
export function waitsSince(state: ConversationState, name: TimerName): number | undefined {
  switch (name) {
    case 'ring':
      return state.rings.at(-1)?.startedAt
    case 'idle-queue':
      return idleSince(state, 'queue')
    case 'idle-agent':
      return idleSince(state, 'agent')
    case 'idle-consumer':
      return idleSince(state, 'consumer')
    case 'auto-close':
      return state.state === 'CLOSE' ? undefined : state.consumerPendingSince
    case 'left-survey':
      return state.dialogs.find(({ type }) => type === 'POST_SURVEY')?.openedAt
    case 'ring-again':
    case 'suggestion':
      return undefined
  }
}

const MAX_NOTES = 50

/** Notes what became of a timer. Of a very long conversation only the newest notes are kept. */
export function noteTimer(
  state: ConversationState,
  became: TimerNote['became'],
  { since, ...note }: { name: TimerName; at: number; dueAt: number; since?: number | undefined },
): void {
  const all = [
    ...(state.timerNotes ?? []),
    { became, ...note, ...(since !== undefined && { since }) },
  ]
  state.timerNotes = all.slice(-MAX_NOTES)
}

/**
 * What to arm and disarm so that the timers fit the state, at an instant and after what the state was before. Notes in
 * the state what is armed, and what that ended a wait.
 */
export function adjustTimers(
  state: ConversationState,
  rules: TimerRules,
  { at, before }: { at: number; before: ConversationState | undefined },
): { arm: { name: TimerName; dueAt: number }[]; disarm: TimerName[] } {
  const arm: { name: TimerName; dueAt: number }[] = []
  const disarm: TimerName[] = []
  for (const name of TimerName.options) {
    const wanted = wantedAt(state, name, rules)
    const armed = state.timers[name]
    if (wanted === undefined) {
      const mayRingForNothing = LAZY.has(name) && state.state === 'OPEN'
      if (armed === undefined || mayRingForNothing) continue
      disarm.push(name)
      const since = before && waitsSince(before, name)
      // A lazy one may have been armed for nothing.
      if (since !== undefined || !LAZY.has(name)) {
        noteTimer(state, 'cancelled', { name, at, dueAt: armed, since })
      }
      delete state.timers[name]
    } else if (armed === undefined || wanted < armed || (wanted > armed && !LAZY.has(name))) {
      arm.push({ name, dueAt: wanted })
      state.timers[name] = wanted
    }
  }
  return { arm, disarm }
}
