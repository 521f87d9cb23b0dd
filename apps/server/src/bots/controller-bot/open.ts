import { ChangeFacts, type IdleKind } from '@parley/contract'
import { raisedEvent } from '@parley/contract/events'
import type { Accounts } from '#identity/accounts'
import type { Conversations } from '#messaging/conversations'
import { perAccount } from '#base/kit'
import type { Delivery } from '#base/delivery'
import type { Http } from '#base/http'
import type { Invocations } from '#faas/invocations'
import type { Logger } from '#base/kernel'
import type { Store } from '#base/store'
import { giveUp, handleChange } from './handle-change.ts'
import { type IdleThreshold, idleTimings, thresholdOf } from './idle-timings.ts'
import { listSettings, type MessageSettings } from './repository.ts'
import { controllerBotRoutes } from './routes.ts'

const CONSUMER = 'controller-bot'

export interface ControllerBotDeps {
  store: Store
  delivery: Delivery
  accounts: Accounts
  conversations: Conversations
  invocations: Invocations
  logger: Logger
}

export interface ControllerBot extends Disposable {
  /** Its native API. */
  mount(http: Http): void
}

/** Starts hearing of conversations: from here on their changes become automatic messages and calls of functions. */
export function openControllerBot(opened: ControllerBotDeps): ControllerBot {
  const { store } = opened
  const settings = perAccount(store, 'automatic-messages', (id) => listSettings(store.db, id))
  const deps = { ...opened, settings }
  deps.delivery.consume({
    name: CONSUMER,
    facts: ChangeFacts,
    handle: (row) => handleChange(deps, row),
    exhausted: (row) => giveUp(deps, row),
  })
  deps.conversations.observe({
    consumer: CONSUMER,
    wants: (facts) => raisedEvent(facts) !== undefined,
  })
  deps.conversations.provide({
    idle: (accountId, skillId) => idleThresholds(deps, accountId, skillId),
  })

  return {
    mount: (http) => controllerBotRoutes(http, deps),
    [Symbol.dispose]: () => settings[Symbol.dispose](),
  }
}

/** When conversations of this skill count as idle: never, while the account has its Controller Bot switched off. */
async function idleThresholds(
  { accounts, settings }: { accounts: Accounts; settings: MessageSettings },
  accountId: string,
  skillId: string,
): Promise<Partial<Record<IdleKind, IdleThreshold>>> {
  const { controllerBotEnabled } = await accounts.settings(accountId)
  if (!controllerBotEnabled) return {}
  const { queue, agent, consumer } = idleTimings(await settings.get(accountId), skillId)
  return { queue: thresholdOf(queue), agent: thresholdOf(agent), consumer: thresholdOf(consumer) }
}
