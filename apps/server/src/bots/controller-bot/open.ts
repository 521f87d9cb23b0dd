import { ChangeFacts } from '@parley/contract'
import type { Http } from '#base/http'
import { CONSUMER } from './automatic-messages.ts'
import type { ControllerBotDeps } from './deps.ts'
import { giveUp, handleChange } from './handle-change.ts'
import { controllerBotRoutes } from './routes.ts'

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
