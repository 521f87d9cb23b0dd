import { getErasure, listKeptData, requestErasure } from '@parley/contract'
import { type Http, route } from '#base/http'
import { followFewerDays } from '#identity/settings'
import type { PrivacyDeps } from './deps.ts'
import { bringNightForward, endsTimer, startEnds } from './ends.ts'
import { ERASURE_END, erasureEndTimer } from './erasure-end.ts'
import { erasureConsumer, findErasure, startErasure } from './erasure.ts'
import { keptData } from './kept.ts'
import { keepRetention, retentionTimer } from './retention.ts'
import { followSetBacks } from './set-back.ts'

export type Privacy = Awaited<ReturnType<typeof openPrivacy>>

/** Erases consumers on request, closed conversations when their retention has ended, and what modules keep by themselves. Opened after all that it erases in. */
export async function openPrivacy(deps: PrivacyDeps) {
  const { delivery, accounts, settings, store } = deps
  delivery.consume(erasureConsumer(deps))
  delivery.onTimer(retentionTimer(deps))
  delivery.onTimer(erasureEndTimer(deps))
  followFewerDays(deps, ERASURE_END, { auditDays: {} })
  delivery.onTimer(endsTimer(deps))
  settings.alsoWrite((tx, accountId, { after }) => keepRetention(deps, tx, accountId, after))
  for (const accountId of await accounts.listAccountIds()) {
    await keepRetention(deps, store.db, accountId, await settings.get(accountId))
  }
  await startEnds(deps)
  const setBacks = followSetBacks(deps, () => bringNightForward(deps))
  return {
    routes({ app }: Http): void {
      route(app, requestErasure, ({ params, body, principal }) =>
        startErasure(deps, params.accountId, principal.name, body.consumerId),
      )
      route(app, listKeptData, async ({ params }) => ({
        kept: keptData((await settings.get(params.accountId)).retention),
      }))
      route(app, getErasure, ({ params }) => findErasure(deps, params.accountId, params.erasureId))
    },
    [Symbol.dispose]: () => setBacks[Symbol.dispose](),
  }
}
