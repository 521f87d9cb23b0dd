import { ChangeFacts } from '@parley/contract'
import type { Accounts } from '#identity/accounts'
import type { Audit } from '#identity/audit'
import type { Settings } from '#identity/settings'
import type { Conversations } from '#messaging/conversations'
import type { Delivery } from '#base/delivery'
import type { Http } from '#base/http'
import type { Invocations } from '#faas/invocations'
import type { Base } from '#base/store'
import { type AutomaticMessages, CONSUMER } from './automatic-messages.ts'
import { giveUp, handleChange } from './handle-change.ts'
import { controllerBotRoutes } from './routes.ts'

export interface ControllerBotDeps extends Pick<Base, 'store' | 'logger'> {
  delivery: Delivery
  accounts: Accounts
  settings: Pick<Settings, 'get'>
  audit: Audit
  automaticMessages: AutomaticMessages
  conversations: Conversations
  invocations: Invocations
}

export interface ControllerBot {
  /** Its native API. */
  routes(http: Http): void
}

/** Answers changes of conversations with automatic messages and calls of functions. Open it before `delivery.start()`. */
export function openControllerBot(opened: ControllerBotDeps): ControllerBot {
  const deps = { ...opened, messageSettings: opened.automaticMessages.messageSettings }
  deps.delivery.consume({
    name: CONSUMER,
    facts: ChangeFacts,
    handle: (row) => handleChange(deps, row),
    exhausted: (row) => giveUp(deps, row),
  })
  return { routes: (http) => controllerBotRoutes(http, deps) }
}
