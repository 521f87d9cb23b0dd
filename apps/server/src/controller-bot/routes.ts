import {
  AUTOMATIC_MESSAGE_TYPES,
  getAutomaticMessage as getContract,
  listAutomaticMessages as listContract,
  resetAutomaticMessage as resetContract,
  setAutomaticMessage as setContract,
} from '@parley/contract'
import { type Http, route } from '#http'
import { defaultMessage } from './default-messages.ts'
import { effectiveMessage } from './effective-message.ts'
import { resetAutomaticMessage, setAutomaticMessage, type SettingDeps } from './set-message.ts'

export function controllerBotRoutes(
  app: Http['app'],
  deps: SettingDeps,
): void {
  route(app, listContract, async ({ params }) => ({
    defaults: AUTOMATIC_MESSAGE_TYPES.map(defaultMessage),
    settings: [...(await deps.settings.of(params.accountId))],
  }))
  route(app, getContract, async ({ params: { accountId, type }, query: { skillId, language } }) =>
    effectiveMessage(await deps.settings.of(accountId), type, skillId, language),
  )
  route(app, setContract, ({ params: { accountId, type }, query, body }) =>
    setAutomaticMessage(deps, accountId, { type, ...query }, body),
  )
  route(app, resetContract, ({ params: { accountId, type }, query }) =>
    resetAutomaticMessage(deps, accountId, { type, ...query }),
  )
}
