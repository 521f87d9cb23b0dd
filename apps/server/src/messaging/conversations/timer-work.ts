import type { ConversationState, IdleKind } from '@parley/contract'
import * as z from 'zod'
import {
  type Actor,
  closeDialog,
  CONVERSATION_TIMER,
  type Decision,
  dropSuggestion,
  expireRing,
  idleSince,
  needsAgent,
  note,
  noteTimer,
  findOpenDialog,
  findOpenRing,
  TimerName,
  waitsSince,
  wantedAt,
} from '#messaging/rules'
import type { Timer, TimerKind } from '#base/delivery'
import { changeConversation } from './change-conversation.ts'
import type { WriteDeps } from './deps.ts'
import { closeBySystem } from './survey-of.ts'
import { timerRules } from './timer-rules.ts'

const TimerFacts = z.object({ conversationId: z.string(), name: TimerName })
type TimerFacts = z.infer<typeof TimerFacts>

/** What a conversation's timers do, in the commit that removes the timer. */
export function conversationTimer(deps: WriteDeps): TimerKind<TimerFacts> {
  return {
    kind: CONVERSATION_TIMER,
    workers: 'platform',
    facts: TimerFacts,
    fire: (timer) => fire(deps, timer),
    exhausted: 'dead letter',
  }
}

async function fire(
  deps: WriteDeps,
  { accountId, kind, key, generation, facts }: Timer<TimerFacts>,
): Promise<void> {
  const { conversationId, name } = facts
  const { userId, pid } = deps.accounts.controllerBot(accountId)
  await changeConversation(
    deps,
    accountId,
    conversationId,
    async (decision) => {
      const rules = await timerRules(deps, accountId, decision.state.skillId)
      const { state, at } = decision
      const { [name]: armed = at } = state.timers
      delete state.timers[name]
      // The time that the timer stands for may have moved since it was armed: then the commit arms it for its new time.
      const wanted = wantedAt(state, name, rules)
      if (wanted === undefined) return noteTimer(state, 'cancelled', { name, at, dueAt: armed })
      if (wanted > at) return
      noteTimer(state, 'fired', { name, at, dueAt: wanted, since: waitsSince(state, name) })
      const system: Actor = { kind: 'system', userId, pid }
      if (name === 'auto-close') await closeBySystem(deps, accountId, decision, system, 'time')
      else applyTimer(decision, name, system)
    },
    { completesTimer: { kind, key, generation } },
  )
}

function applyTimer(
  decision: Decision,
  name: Exclude<TimerName, 'auto-close'>,
  system: Actor,
): void {
  const { state } = decision
  switch (name) {
    case 'ring': {
      const waiting = findOpenRing(state)
      if (waiting) expireRing(decision, waiting.ringId)
      return
    }
    case 'ring-again':
      askAgain(state)
      return
    case 'suggestion':
      dropSuggestion(state)
      state.updatedAt = decision.at
      return
    case 'idle-queue':
      return idle(decision, 'queue', system)
    case 'idle-agent':
      return idle(decision, 'agent', system)
    case 'idle-consumer':
      return idle(decision, 'consumer', system)
    case 'left-survey': {
      const dialog = findOpenDialog(state)
      if (dialog) closeDialog(decision, system, dialog.dialogId)
    }
  }
}

/** Routing looks again once a pause after a refusal is over. */
function askAgain(state: ConversationState): void {
  if (!needsAgent(state)) return
  delete state.ringAgainAt
}

function idle(decision: Decision, kind: IdleKind, { userId, pid }: Actor): void {
  const { state } = decision
  const since = idleSince(state, kind)
  if (since === undefined) return
  const count = state.idle[kind]
  const fired = count?.since === since ? count.fired + 1 : 1
  state.idle[kind] = { since, fired, firedAt: decision.at }
  note(decision, { kind: 'idle', idle: kind }, { userId, pid, role: 'CONTROLLER' })
}
