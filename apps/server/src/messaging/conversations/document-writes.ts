import type { ConversationState } from '@parley/contract'
import { consumerAfter, freeSlot, slotHolders, takeSlot, touchedConsumers } from '#messaging/rules'
import type { DocumentKinds, Versioned } from '#messaging/reading'
import type { DocumentWrite } from '#base/store'
import { getPerson } from './account-lookups.ts'
import type { WriteDeps } from './deps.ts'

/** The documents beside the conversation that a change touches: agents' slots, consumers' records. */
export interface Touched {
  freed: string[]
  taken: string[]
  consumers: string[]
}

/** A document as it was read, and what becomes of it. */
type Change<K extends keyof DocumentKinds> = {
  kind: K
  id: string
  next: Versioned<DocumentKinds[K]>
}
export type DocumentChange = Change<'agent'> | Change<'consumer'>

export function touchedDocuments(
  before: ConversationState | undefined,
  after: ConversationState,
): Touched {
  const held = slotHolders(before)
  const holds = slotHolders(after)
  return {
    freed: [...held].filter((userId) => !holds.has(userId)),
    taken: [...holds].filter((userId) => !held.has(userId)),
    consumers: touchedConsumers(before, after),
  }
}

export function queueKeysOf(accountId: string, { freed, taken, consumers }: Touched): string[] {
  return [
    ...[...freed, ...taken].map((userId) => agentKey(accountId, userId)),
    ...consumers.map((consumerId) => `consumer/${accountId}/${consumerId}`),
  ]
}

export function agentKey(accountId: string, userId: string): string {
  return `agent/${accountId}/${userId}`
}

/** @throws ParleyError `agent_busy` or `consumer_has_conversation` when the change is not possible */
export async function changeDocuments(
  { documents, accounts }: Pick<WriteDeps, 'documents' | 'accounts'>,
  accountId: string,
  before: ConversationState | undefined,
  after: ConversationState,
  { freed, taken, consumers }: Touched,
): Promise<DocumentChange[]> {
  const changes: DocumentChange[] = []
  for (const id of freed) {
    const { version, state } = await documents.findOrNew('agent', accountId, id)
    const next = { version: version + 1, state: freeSlot(state, after.conversationId) }
    changes.push({ kind: 'agent', id, next })
  }
  for (const id of taken) {
    const { version, state } = await documents.findOrNew('agent', accountId, id)
    const { maxSlots } = await getPerson(accounts, accountId, id)
    const taking = takeSlot(state, { userId: id, maxSlots }, after.conversationId)
    changes.push({ kind: 'agent', id, next: { version: version + 1, state: taking } })
  }
  for (const id of consumers) {
    const { version, state } = await documents.findOrNew('consumer', accountId, id)
    const next = { version: version + 1, state: consumerAfter(state, id, before, after) }
    changes.push({ kind: 'consumer', id, next })
  }
  return changes
}

export function asWrite({ kind, id, next }: DocumentChange): DocumentWrite {
  return { kind, id, readVersion: next.version - 1, state: next.state }
}

/** Dialogs other than MAIN have ids of their own: this is how they are found. */
export function dialogWrites(
  before: ConversationState | undefined,
  { conversationId, dialogs }: ConversationState,
): DocumentWrite[] {
  const known = new Set(before?.dialogs.map(({ dialogId }) => dialogId))
  return dialogs
    .filter(({ dialogId }) => dialogId !== conversationId && !known.has(dialogId))
    .map(({ dialogId }) => ({
      kind: 'dialog',
      id: dialogId,
      readVersion: 0,
      state: { conversationId },
    }))
}

export function forgetDocuments(
  { documents }: Pick<WriteDeps, 'documents'>,
  accountId: string,
  conversationId: string,
  { freed, taken, consumers }: Touched,
): void {
  documents.forget('conversation', accountId, conversationId)
  for (const userId of [...freed, ...taken]) documents.forget('agent', accountId, userId)
  for (const consumerId of consumers) documents.forget('consumer', accountId, consumerId)
}
