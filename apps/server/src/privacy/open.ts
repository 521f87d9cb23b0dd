import { getErasure, requestErasure } from '@parley/contract'
import type { Accounts } from '#accounts'
import type { Conversations } from '#conversations'
import type { Delivery } from '#delivery'
import { type Http, route } from '#http'
import { type Clock, type Ids, type Logger, messageOf } from '#kernel'
import type { Store } from '#store'
import { erasureConsumer, findErasure, startErasure } from './erasure.ts'
import { keepRetention, retentionTimer } from './retention.ts'

/** What a room takes away when conversations are erased. Called again after a fault, so it must not mind. */
export interface Eraser {
  erase(
    accountId: string,
    gone: { conversationIds: readonly string[]; consumerIds: readonly string[] },
  ): Promise<void>
}

/** A room with a channel of its own, which is kept as long as conversations are. */
export interface Channel {
  eraseEndedBefore(accountId: string, before: number): Promise<void>
}

export interface PrivacyDeps {
  http: Http
  store: Store
  delivery: Delivery
  accounts: Accounts
  conversations: Conversations
  clock: Clock
  ids: Ids
  logger: Logger
  /** Rooms that keep something about conversations, beside the conversations themselves. */
  erasers: readonly Eraser[]
  channels: readonly Channel[]
}

/** Erases consumers on request, and closed conversations when their time is over. */
export async function openPrivacy(deps: PrivacyDeps): Promise<void> {
  const { http, delivery, accounts } = deps
  delivery.consume(erasureConsumer(deps))
  delivery.onTimer(retentionTimer(deps))
  route(http.app, requestErasure, ({ params, body }) =>
    startErasure(deps, params.accountId, body.consumerId),
  )
  route(http.app, getErasure, ({ params }) => findErasure(deps, params.accountId, params.erasureId))
  accounts.onSettingsChanged((accountId) => {
    keepRetention(deps, accountId).catch((error: unknown) => {
      deps.logger.error({ err: error, accountId }, `Retention not set: ${messageOf(error)}`)
    })
  })
  for (const accountId of await accounts.listAccountIds()) await keepRetention(deps, accountId)
}
