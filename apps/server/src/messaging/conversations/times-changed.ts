import { isDeepStrictEqual } from 'node:util'
import type { AllSettings, ConversationState } from '@parley/contract'
import { type FollowUp, openFollowUp } from '#base/delivery'
import { unlessGone } from '#base/kit'
import { isArmedLate } from '#messaging/rules'
import { changeConversation } from './change-conversation.ts'
import type { WriteDeps } from './deps.ts'
import { listOpenIds } from './repository.ts'
import { timerRules } from './timer-rules.ts'

/** Conversations that wait already follow a change of the times that they wait for. Of a change of idle times others say so. */
export function followChangedTimes(deps: WriteDeps): FollowUp {
  const followUp = openFollowUp(deps, 'times-changed', (accountId) => adjustTimers(deps, accountId))
  deps.settings.alsoWrite(async (tx, accountId, { before, after }) => {
    if (isDeepStrictEqual(timesOf(before), timesOf(after))) return
    await followUp.arm(tx, accountId)
  })
  return followUp
}

/** What timers of conversations go by. While the Controller Bot is off none is idle. */
function timesOf({ controllerBotEnabled, messaging }: AllSettings): unknown[] {
  return [controllerBotEnabled, messaging.autoCloseMs, messaging.autoCloseMsBySkill]
}

/** Arms the timers of open conversations that fire too late by the present times. Those that fire too early look again by themselves. */
async function adjustTimers(deps: WriteDeps, accountId: string): Promise<void> {
  deps.settings.readAgain(accountId)
  deps.readIdleAgain(accountId)
  const ids = await listOpenIds(deps.store.db, accountId)
  for await (const states of deps.reading.readStates(accountId, ids)) {
    await Promise.all(states.map((state) => adjustTimersOf(deps, accountId, state)))
  }
}

async function adjustTimersOf(
  deps: WriteDeps,
  accountId: string,
  state: ConversationState,
): Promise<void> {
  const { conversationId, skillId } = state
  if (!isArmedLate(state, await timerRules(deps, accountId, skillId))) return
  const changed = changeConversation(deps, accountId, conversationId, () => undefined, {
    adjustsTimers: true,
  })
  await unlessGone(changed)
}
