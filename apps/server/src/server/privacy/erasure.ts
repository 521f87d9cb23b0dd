import { isDeepStrictEqual } from 'node:util'
import { Erasure } from '@parley/contract'
import * as z from 'zod'
import type { OutboxConsumer } from '#base/delivery'
import { ParleyError } from '#base/kernel'
import { findDocument } from '#base/kit'
import type { PrivacyDeps } from './deps.ts'
import { endOfErasure, ERASURE } from './erasure-end.ts'
import { eraseInModules } from './erase-in-modules.ts'

const PAGE = 100

/**
 * When conversations are erased again. The first time is longer than a function may run: one that runs during the erasure may still
 * write logs about a conversation. The others are for functions that it has invoked, which invoke others in turn.
 */
const AGAIN_AFTER_MS = [60_000, 600_000, 3_600_000]

/** A consumer who opens one conversation after the other is waited for by the next attempt. */
const MAX_RETURNS = 10

/** What has been found of a running erasure: it is gone already, or will be, and is told nowhere else. */
const Found = z.object({
  conversationIds: z.array(z.string()).default([]),
  /** All ids that the consumer has had. */
  consumerIds: z.array(z.string()).default([]),
})
type Found = z.infer<typeof Found>

const Facts = z.object({
  erasureId: z.string(),
  /** Conversations that have been erased once. */
  again: z.array(z.string()).optional(),
  /** How often they have been erased again. */
  pass: z.int().default(0),
})
type Facts = z.infer<typeof Facts>

/** Answers at once. The outbox then retries the work until it is done. */
export async function startErasure(
  { audit, store, delivery, ids, clock }: PrivacyDeps,
  accountId: string,
  actor: string,
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
  const entry = { actor, action: 'erasure.requested', object: `erasure:${erasureId}` }
  // First: an audit entry without an erasure is better than an erasure without an entry.
  await store.transaction((tx) => audit.record(tx, accountId, entry))
  await delivery.commit({
    accountId,
    documents: [{ kind: ERASURE, id: erasureId, readVersion: 0, state: erasure }],
    outbox: [{ consumer: ERASURE, orderingKey: consumerId, facts: { erasureId } }],
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
  const row = await findDocument(store.db, accountId, ERASURE, erasureId)
  return (
    row && {
      version: row.version,
      erasure: Erasure.parse(row.state),
      found: Found.parse(row.state),
    }
  )
}

export function erasureConsumer(deps: PrivacyDeps): OutboxConsumer<Facts> {
  const { delivery, clock } = deps

  /** Ordered by itself: what is due in an hour must not hold up another erasure of the consumer. */
  function eraseAgain(erasureId: string, again: string[], pass: number) {
    const afterMs = AGAIN_AFTER_MS[pass]
    if (afterMs === undefined || (pass > 0 && again.length === 0)) return []
    const facts = { erasureId, again, pass }
    return [{ consumer: ERASURE, orderingKey: erasureId, facts, runAt: clock.now() + afterMs }]
  }

  return {
    name: ERASURE,
    workers: 4,
    facts: Facts,
    // Erasure is a legal duty: it is tried for a week before it becomes a dead letter.
    retryDelaysMs: [1000, 60_000, 3600_000, 24 * 3600_000, 3 * 24 * 3600_000, 3 * 24 * 3600_000],
    retryWindowMs: 8 * 24 * 3600_000,
    async handle(row) {
      const { accountId } = row
      const { erasureId, again, pass } = row.facts
      const begun = await read(deps, accountId, erasureId)
      if (!begun) return await delivery.end(row)
      const completesRow = { outboxId: row.id }
      if (again) {
        const { erasure, version: readVersion } = begun
        // Not the consumer: it may have returned in the meantime.
        await eraseInModules(deps, accountId, { conversationIds: again, consumerIds: [] })
        const outbox = eraseAgain(erasureId, again, pass + 1)
        if (pass > 0) {
          await delivery.commit({ accountId, documents: [], outbox, completesRow })
          return
        }
        const state: Erasure = { ...erasure, state: 'done', doneAt: clock.now() }
        const arm = [await endOfErasure(deps, accountId, erasureId)]
        const documents = [{ kind: ERASURE, id: erasureId, readVersion, state }]
        await delivery.commit({ accountId, documents, arm, outbox, completesRow })
        return
      }
      const {
        erasure,
        version: readVersion,
        found,
      } = await eraseConsumerData(deps, accountId, begun)
      const erased = found.conversationIds
      const state: Erasure = { ...erasure, conversations: erased.length }
      await delivery.commit({
        accountId,
        documents: [{ kind: ERASURE, id: erasureId, readVersion, state }],
        outbox: eraseAgain(erasureId, erased, 0),
        completesRow,
      })
    },
  }
}

interface Begun {
  version: number
  erasure: Erasure
  found: Found
}

/** Goes on where an attempt was cut off: of what that one has erased, only its notes are left. */
async function eraseConsumerData(
  deps: PrivacyDeps,
  accountId: string,
  begun: Begun,
): Promise<Begun> {
  const { conversations } = deps
  let noted = begun
  for (let returns = 0; returns <= MAX_RETURNS; returns += 1) {
    noted = await eraseAllConversations(deps, accountId, noted)
    const { consumerIds } = noted.found
    // What belongs to no conversation, such as a file that was never sent.
    await eraseInModules(deps, accountId, { conversationIds: [], consumerIds })
    if (await conversations.eraseConsumers(accountId, consumerIds)) return noted
  }
  throw new Error('The consumer opens conversations faster than they are erased')
}

async function eraseAllConversations(
  deps: PrivacyDeps,
  accountId: string,
  begun: Begun,
): Promise<Begun> {
  const { accounts, reading, conversations } = deps
  const { userId, pid } = accounts.controllerBot(accountId)
  const system = { kind: 'system' as const, userId, pid }
  let noted = begun
  // A consumer may have had other ids before it stepped up. Its conversations name them.
  const consumerIds = new Set([begun.erasure.consumerId, ...begun.found.consumerIds])
  const erased = new Set(begun.found.conversationIds)
  for (const id of consumerIds) {
    for (;;) {
      const filter = { consumerId: id, offset: 0, limit: PAGE, sort: 'start:asc' }
      const { found } = await reading.searchConversations(accountId, system, filter)
      if (found.length === 0) break
      for (const state of found) {
        const { conversationId, stage } = state
        erased.add(conversationId)
        for (const other of [state.consumerId, ...state.formerConsumerIds]) consumerIds.add(other)
        if (stage === 'CLOSE') continue
        await conversations.updateConversation(accountId, system, conversationId, [
          { field: 'close' },
        ])
      }
      noted = await note(deps, accountId, noted, {
        conversationIds: [...erased],
        consumerIds: [...consumerIds],
      })
      const conversationIds = found.map(({ conversationId }) => conversationId)
      await eraseInModules(deps, accountId, { conversationIds, consumerIds: [...consumerIds] })
      await conversations.eraseConversations(accountId, conversationIds)
    }
  }
  return { ...noted, found: { conversationIds: [...erased], consumerIds: [...consumerIds] } }
}

/** Before anything of it is erased: a node that dies in between leaves no other trace of it. */
async function note(
  { delivery }: Pick<PrivacyDeps, 'delivery'>,
  accountId: string,
  { erasure, version, found: before }: Begun,
  found: Found,
): Promise<Begun> {
  if (isDeepStrictEqual(before, found)) return { erasure, version, found }
  const { erasureId } = erasure
  const state = { ...erasure, ...found }
  const { status } = await delivery.commit({
    accountId,
    documents: [{ kind: ERASURE, id: erasureId, readVersion: version, state }],
  })
  if (status !== 'applied') throw new Error(`Erasure "${erasureId}" was changed meanwhile`)
  return { erasure, version: version + 1, found }
}
