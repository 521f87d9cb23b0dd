import type { SavedPayload } from '@parley/contract'
import { ParleyError } from '#base/kernel'
import { functionNotFound } from '#faas/functions'
import type { Author } from './author.ts'
import type { SavedPayloadsDeps } from './deps.ts'
import { findVisible, type OfFunction, removeVisible, type SavedPayloadRow } from './repository.ts'

/** Those of the author and those for all, by name. */
export async function listSavedPayloads(
  { store, functions }: SavedPayloadsDeps,
  { accountId, functionId }: OfFunction,
  author: Author,
): Promise<SavedPayload[]> {
  const { db } = store
  if (!(await functions.find(db, accountId, functionId))) {
    throw functionNotFound(accountId, functionId)
  }
  return (await findVisible(db, { accountId, functionId }, author)).map(toSavedPayload)
}

/** Somebody else's own one is not there. */
export async function deleteSavedPayload(
  { store }: SavedPayloadsDeps,
  of: OfFunction & { payloadId: string },
  author: Author,
): Promise<void> {
  if (await removeVisible(store.db, of, author)) return
  throw new ParleyError(
    'not_found',
    `Function "${of.functionId}" has no saved payload "${of.payloadId}"`,
  )
}

export function toSavedPayload(row: SavedPayloadRow): SavedPayload {
  const { payloadId, functionId, owner, name, payload, createdAt, createdBy } = row
  return {
    payloadId,
    functionId,
    name,
    shared: owner === null,
    payload,
    mine: owner !== null,
    createdAt: createdAt.toISOString(),
    createdBy,
  }
}
