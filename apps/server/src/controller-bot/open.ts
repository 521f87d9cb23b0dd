import { ChangeFacts, type IdleKind } from '@parley/contract'
import type { Accounts } from '#accounts'
import type { Conversations } from '#conversations'
import type { Delivery } from '#delivery'
import type { Http } from '#http'
import type { Invocations } from '#invocations'
import type { Clock, Logger } from '#kernel'
import type { Store } from '#store'
import { cbotEventType } from './event-type.ts'
import { giveUp, handleChange } from './handle-change.ts'
import { type IdleThreshold, idleTimings, thresholdOf } from './idle-timings.ts'
import { controllerBotRoutes } from './routes.ts'
import { openSettingsCache } from './settings-cache.ts'

const CONSUMER = 'controller-bot'

export interface ControllerBotDeps {
  store: Store
  delivery: Delivery
  accounts: Accounts
  conversations: Conversations
  invocations: Invocations
  clock: Clock
  logger: Logger
}

export interface ControllerBot extends Disposable {
  /** When conversations of this skill count as idle; nothing while the account has its Controller Bot switched off. */
  idle(
    accountId: string,
    skillId: string,
  ): Promise<Partial<Record<IdleKind, IdleThreshold>>>
  mount(app: Http['app']): void
}

/** Starts hearing of conversations: from here on their changes become automatic messages and calls of functions. */
export function openControllerBot(opened: ControllerBotDeps): ControllerBot {
  const settings = openSettingsCache(opened.store)
  const deps = { ...opened, settings, db: opened.store.db }
  deps.delivery.consume({
    name: CONSUMER,
    facts: ChangeFacts,
    handle: (row) => handleChange(deps, row),
    exhausted: (row, cause) => giveUp(deps, row, cause),
  })
  deps.conversations.observe({
    consumer: CONSUMER,
    wants: (facts) => cbotEventType(facts) !== undefined,
  })

  return {
    async idle(accountId, skillId) {
      const { controllerBotEnabled } = await deps.accounts.settings(accountId)
      if (!controllerBotEnabled) return {}
      const { queue, agent, consumer } = idleTimings(await settings.of(accountId), skillId)
      return {
        queue: thresholdOf(queue),
        agent: thresholdOf(agent),
        consumer: thresholdOf(consumer),
      }
    },
    mount: (app) => controllerBotRoutes(app, deps),
    [Symbol.dispose]: () => settings[Symbol.dispose](),
  }
}
