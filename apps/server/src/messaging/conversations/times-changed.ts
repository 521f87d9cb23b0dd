import { isDeepStrictEqual } from 'node:util'
import type { AllSettings, ConversationState } from '@parley/contract'
import * as z from 'zod'
import { ParleyError } from '#base/kernel'
import type { TimerKind } from '#base/delivery'
import type { Db } from '#base/store'
import { isArmedLate } from '#messaging/rules'
import { changeConversation } from './change-conversation.ts'
import type { WriteDeps } from './deps.ts'
import { listOpenIds } from './repository.ts'
import { timerRules } from './timer-rules.ts'

const TIMES_CHANGED = 'times-changed'
/** By then every node has heard of the change. Changes that follow each other sooner are one job. */
const AFTER_MS = 2_000

/** In the transaction of a change of idle times: conversations that wait already follow it, too. */
export function adjustTimersSoon(
  { delivery, clock }: Pick<WriteDeps, 'delivery' | 'clock'>,
  tx: Db,
  accountId: string,
): Promise<void> {
  const dueAt = clock.now() + AFTER_MS
  return delivery.armTimer(tx, accountId, { kind: TIMES_CHANGED, key: 'all', dueAt, facts: {} })
}

export function adjustTimersWithSettings(deps: WriteDeps): void {
  deps.settings.alsoWrite(async (tx, accountId, { before, after }) => {
    if (isDeepStrictEqual(timesOf(before), timesOf(after))) return
    await adjustTimersSoon(deps, tx, accountId)
  })
}

/** What timers of conversations go by. While the Controller Bot is off none is idle. */
function timesOf({ controllerBotEnabled, messaging }: AllSettings): unknown[] {
  return [controllerBotEnabled, messaging.autoCloseMs, messaging.autoCloseMsBySkill]
}

/** Arms the timers of open conversations that fire too late by the present times. Those that fire too early look again by themselves. */
export function timesTimer(deps: WriteDeps): TimerKind<object> {
  return {
    kind: TIMES_CHANGED,
    isUnseen: true,
    workers: 'platform',
    facts: z.object({}),
    exhausted: 'dead letter',
    async fire({ accountId, kind, key, generation }) {
      deps.settings.readAgain(accountId)
      deps.readIdleAgain(accountId)
      const ids = await listOpenIds(deps.store.db, accountId)
      for await (const states of deps.reading.readStates(accountId, ids)) {
        await Promise.all(states.map((state) => adjustTimersOf(deps, accountId, state)))
      }
      const completesTimer = { kind, key, generation }
      await deps.delivery.commit({ accountId, documents: [], completesTimer })
    },
  }
}

async function adjustTimersOf(
  deps: WriteDeps,
  accountId: string,
  state: ConversationState,
): Promise<void> {
  const { conversationId, skillId } = state
  if (!isArmedLate(state, await timerRules(deps, accountId, skillId))) return
  try {
    await changeConversation(deps, accountId, conversationId, () => undefined, {
      adjustsTimers: true,
    })
  } catch (error) {
    // It may have been erased meanwhile.
    if (!(error instanceof ParleyError) || error.code !== 'conversation_not_found') throw error
  }
}
