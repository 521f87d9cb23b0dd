import * as contract from '@parley/contract'
import { type Http, route } from '#base/http'
import { applyReplay, type ApplyReplayDeps } from './apply-replay.ts'
import { resetAutomaticMessage, setAutomaticMessage, type SettingDeps } from './set-message.ts'

export function controllerBotRoutes({ app }: Http, deps: SettingDeps & ApplyReplayDeps): void {
  route(app, contract.listAutomaticMessages, async ({ params: { accountId } }) => {
    const { language } = await deps.settings.get(accountId)
    return {
      defaults: contract.AUTOMATIC_MESSAGE_TYPES.map((type) =>
        contract.defaultMessage(type, language),
      ),
      settings: [...(await deps.messageSettings.get(accountId))],
    }
  })
  route(app, contract.getAutomaticMessage, async ({ params: { accountId, type }, query }) =>
    contract.effectiveMessage(
      await deps.messageSettings.get(accountId),
      type,
      query.skillId,
      query.language,
      (await deps.settings.get(accountId)).language,
    ),
  )
  route(
    app,
    contract.setAutomaticMessage,
    ({ params: { accountId, type }, query, body, principal }) =>
      setAutomaticMessage(deps, accountId, principal.name, { type, ...query }, body),
  )
  route(app, contract.resetAutomaticMessage, ({ params: { accountId, type }, query, principal }) =>
    resetAutomaticMessage(deps, accountId, principal.name, { type, ...query }),
  )
  route(app, contract.applyReplay, ({ params: { accountId, recordId }, body, principal }) =>
    applyReplay(deps, accountId, recordId, body.against, principal.permissions),
  )
}
