import { getErasure, requestErasure } from '@parley/contract'
import { route } from '#base/http'
import { messageOf } from '#base/kernel'
import type { PrivacyDeps } from './deps.ts'
import { erasureConsumer, findErasure, startErasure } from './erasure.ts'
import { keepRetention, retentionTimer } from './retention.ts'

/** Erases consumers on request, and closed conversations when their time is over. */
export async function openPrivacy(deps: PrivacyDeps): Promise<void> {
  const { http, delivery, accounts } = deps
  delivery.consume(erasureConsumer(deps))
  delivery.onTimer(retentionTimer(deps))
  route(http.app, requestErasure, ({ params, body, principal }) =>
    startErasure(deps, params.accountId, principal.name, body.consumerId),
  )
  route(http.app, getErasure, ({ params }) => findErasure(deps, params.accountId, params.erasureId))
  accounts.onSettingsChanged((accountId) => {
    keepRetention(deps, accountId).catch((error: unknown) => {
      deps.logger.error({ err: error, accountId }, `Retention not set: ${messageOf(error)}`)
    })
  })
  for (const accountId of await accounts.listAccountIds()) await keepRetention(deps, accountId)
}
