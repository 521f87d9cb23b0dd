import { Erasure } from '@parley/contract'
import { z } from 'zod'
import type { OutboxConsumer } from '#delivery'
import { ParleyError } from '#kernel'
import type { PrivacyDeps } from './deps.ts'

const ERASURE = 'erasure'
const PAGE = 100

const Facts = z.object({ erasureId: z.string() })
type Facts = z.infer<typeof Facts>

/** Answers at once; the work goes on in the outbox until it is done, whatever fails meanwhile. */
export async function startErasure(
  { delivery, ids, clock }: PrivacyDeps,
  accountId: string,
  consumerId: string,
): Promise<Erasure> {
  const erasure: Erasure = {
    erasureId: ids.uuid(),
    consumerId,
    requestedAt: clock.now(),
    state: 'running',
    conversations: 0,
  }
  const { erasureId } = erasure
  await delivery.commit({
    accountId,
    documents: [{ kind: ERASURE, id: erasureId, readVersion: 0, state: erasure }],
    outbox: [{ consumer: ERASURE, lane: consumerId, facts: { erasureId } }],
  })
  return erasure
}

export async function findErasure(
  deps: PrivacyDeps,
  accountId: string,
  erasureId: string,
): Promise<Erasure> {
  const found = await read(deps, accountId, erasureId)
  if (!found) throw new ParleyError('not_found', `No erasure "${erasureId}"`)
  return found.erasure
}

async function read({ store }: PrivacyDeps, accountId: string, erasureId: string) {
  const row = await store.db
    .selectFrom('document')
    .select(['version', 'state'])
    .where('accountId', '=', accountId)
    .where('kind', '=', ERASURE)
    .where('id', '=', erasureId)
    .executeTakeFirst()
  return row && { version: row.version, erasure: Erasure.parse(row.state) }
}

export function erasureConsumer(deps: PrivacyDeps): OutboxConsumer<Facts> {
  const { delivery, clock } = deps
  return {
    name: ERASURE,
    facts: Facts,
    // Erasure is a duty: it is tried for a week before anybody has to look after it.
    retryDelaysMs: [1000, 60_000, 3600_000, 24 * 3600_000, 3 * 24 * 3600_000, 3 * 24 * 3600_000],
    retryWindowMs: 8 * 24 * 3600_000,
    async handle(row) {
      const { accountId, facts } = row
      const found = await read(deps, accountId, facts.erasureId)
      if (!found) return await delivery.end(row)
      const conversations = await eraseConsumerData(deps, accountId, found.erasure.consumerId)
      const state = { ...found.erasure, state: 'done', doneAt: clock.now(), conversations }
      await delivery.commit({
        accountId,
        documents: [{ kind: ERASURE, id: facts.erasureId, readVersion: found.version, state }],
        ends: { outboxId: row.id },
      })
    },
  }
}

async function eraseConsumerData(
  { accounts, conversations, erasers }: PrivacyDeps,
  accountId: string,
  consumerId: string,
): Promise<number> {
  const { userId, pid } = accounts.controllerBot(accountId)
  const system = { kind: 'system' as const, userId, pid }
  // A consumer may have had other ids before it stepped up: they are found on the way.
  const consumerIds = new Set([consumerId])
  let erased = 0
  for (const id of consumerIds) {
    for (;;) {
      const filter = { consumerId: id, offset: 0, limit: PAGE, sort: 'start:asc' }
      const { found } = await conversations.search(accountId, filter)
      if (found.length === 0) break
      for (const state of found) {
        const { conversationId, stage } = state
        for (const other of [state.consumerId, ...state.formerConsumerIds]) consumerIds.add(other)
        if (stage === 'CLOSE') continue
        await conversations.update(accountId, system, conversationId, [{ field: 'close' }])
      }
      const conversationIds = found.map(({ conversationId }) => conversationId)
      const gone = { conversationIds, consumerIds: [...consumerIds] }
      for (const eraser of erasers) await eraser.erase(accountId, gone)
      await conversations.erase(accountId, conversationIds)
      erased += found.length
    }
  }
  // What belongs to no conversation, such as a file that was never sent.
  const gone = { conversationIds: [], consumerIds: [...consumerIds] }
  for (const eraser of erasers) await eraser.erase(accountId, gone)
  await conversations.eraseConsumer(accountId, [...consumerIds])
  return erased
}
