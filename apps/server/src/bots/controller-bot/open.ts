import { ChangeFacts, IDLE_TYPES } from '@parley/contract'
import type { Http } from '#base/http'
import { CONSUMER } from './automatic-messages.ts'
import type { ControllerBotDeps } from './deps.ts'
import { giveUp, handleChange, handleLate } from './handle-change.ts'
import { LATE_CONSUMER } from './late-answers.ts'
import { deleteSettingsOfSkill } from './repository.ts'
import { openPatience } from './patience.ts'
import { controllerBotRoutes } from './routes.ts'

export interface ControllerBot {
  /** Its native API. */
  routes(http: Http): void
}

/** Answers changes of conversations with automatic messages and calls of functions. Open it before `delivery.start()`. */
export function openControllerBot(opened: ControllerBotDeps): ControllerBot {
  const { messageSettings } = opened.automaticMessages
  const deps = { ...opened, messageSettings, patience: openPatience(opened) }
  const { delivery } = deps
  // All attempts are made, however long each takes: the consumer and later events do not wait for them.
  const policy = { facts: ChangeFacts, retryWindowMs: Infinity }
  delivery.consume({
    name: CONSUMER,
    workers: 'functions',
    ...policy,
    handle: (row) => handleChange(deps, row),
    exhausted: (row) => giveUp(deps, row),
  })
  delivery.consume({
    name: LATE_CONSUMER,
    workers: 'functions',
    ...policy,
    handle: (row) => handleLate(deps, row),
    exhausted: (row) => delivery.end(row),
  })
  deps.accounts.alsoRemoveWithSkills({
    async remove(tx, accountId, skillId) {
      const types = await deleteSettingsOfSkill(tx, accountId, skillId)
      const isIdle = IDLE_TYPES.some((type) => types.includes(type))
      if (isIdle) await deps.conversations.adjustTimersSoon(tx, accountId)
    },
    removed: messageSettings.changed,
  })
  return { routes: (http) => controllerBotRoutes(http, deps) }
}
