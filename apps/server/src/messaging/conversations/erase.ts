import { sql } from 'kysely'
import { z } from 'zod'
import type { Store } from '#base/store'
import type { Deps } from './deps.ts'
import type { Documents } from './documents.ts'

const ERASED = 'erased'
const Erased = z.object({ accountId: z.string(), conversationIds: z.array(z.string()) })
/** Ids only fit into a notification when they are few. */
const IDS_PER_NOTICE = 100

/** Takes conversations away for good: messages, state, timers, and what was still to be told of them. */
export async function eraseConversations(
  { store, documents }: Pick<Deps, 'store' | 'documents'>,
  accountId: string,
  conversationIds: readonly string[],
): Promise<void> {
  if (conversationIds.length === 0) return
  const ids = [...conversationIds]
  // Timers of other rooms, too: a survey that is under way expires by one.
  const ofConversations = sql<boolean>`facts->>'conversationId' = any(${ids})`
  await store.transaction(async (tx) => {
    // First of all: whoever is writing in one of them has finished by then, or finds it gone.
    await tx
      .selectFrom('conversation')
      .select('conversationId')
      .where('accountId', '=', accountId)
      .where('conversationId', 'in', ids)
      .orderBy('conversationId')
      .forUpdate()
      .execute()
    await tx
      .deleteFrom('document')
      .where('accountId', '=', accountId)
      .where('kind', '=', 'visitor')
      .where('id', 'in', (of) =>
        of
          .selectFrom('conversation')
          .select(sql<string>`state->'context'->>'visitorId'`.as('visitorId'))
          .where('accountId', '=', accountId)
          .where('conversationId', 'in', ids),
      )
      .execute()
    const dialogs = await tx
      .deleteFrom('document')
      .where('accountId', '=', accountId)
      .where('kind', '=', 'dialog')
      .where('id', 'in', (of) =>
        of
          .selectFrom('conversation')
          .select(sql<string>`jsonb_array_elements(state->'dialogs')->>'dialogId'`.as('dialogId'))
          .where('accountId', '=', accountId)
          .where('conversationId', 'in', ids),
      )
      .returning('id')
      .execute()
    await tx
      .deleteFrom('message')
      .where('accountId', '=', accountId)
      .where('conversationId', 'in', ids)
      .execute()
    await tx
      .deleteFrom('conversation')
      .where('accountId', '=', accountId)
      .where('conversationId', 'in', ids)
      .execute()
    await tx.deleteFrom('timer').where('accountId', '=', accountId).where(ofConversations).execute()
    const dialogIds = dialogs.map(({ id }) => id)
    const lanes = [...ids, ...ids.map((id) => `conversation/${id}`), ...dialogIds]
    await tx
      .deleteFrom('outbox')
      .where('accountId', '=', accountId)
      .where('lane', 'in', lanes)
      .execute()
    await tx
      .deleteFrom('deadLetter')
      .where('accountId', '=', accountId)
      .where((where) => where.or([where('lane', 'in', lanes), ofConversations]))
      .execute()
  })
  for (let from = 0; from < ids.length; from += IDS_PER_NOTICE) {
    const some = ids.slice(from, from + IDS_PER_NOTICE)
    for (const id of some) documents.forget('conversation', accountId, id)
    store.notify(ERASED, JSON.stringify({ accountId, conversationIds: some }))
  }
}

/** Forgets who a consumer was. Its conversations are erased by themselves. */
export async function eraseConsumer(
  { store, documents }: Pick<Deps, 'store' | 'documents'>,
  accountId: string,
  consumerIds: readonly string[],
): Promise<void> {
  if (consumerIds.length === 0) return
  await store.db
    .deleteFrom('document')
    .where('accountId', '=', accountId)
    .where('kind', 'in', ['consumer', 'profile'])
    .where('id', 'in', [...consumerIds])
    .execute()
  for (const id of consumerIds) documents.forget('consumer', accountId, id)
}

/** Conversations that ended before an instant, oldest first. */
export async function listEndedBefore(
  { store }: Pick<Deps, 'store'>,
  accountId: string,
  before: number,
  limit: number,
): Promise<string[]> {
  const rows = await store.db
    .selectFrom('conversation')
    .select('conversationId')
    .where('accountId', '=', accountId)
    .where('stage', '=', 'CLOSE')
    .where(sql<boolean>`(state->>'endedAt')::bigint < ${before}`)
    .orderBy('startedAtMs')
    .limit(limit)
    .execute()
  return rows.map(({ conversationId }) => conversationId)
}

/** What was erased on another node is forgotten on this one. */
export function forgetErased(store: Store, documents: Documents): Disposable {
  return store.onNotify(ERASED, (payload) => {
    const { accountId, conversationIds } = Erased.parse(JSON.parse(payload))
    for (const id of conversationIds) documents.forget('conversation', accountId, id)
  })
}
