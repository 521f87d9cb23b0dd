import type { SavedPayload, savePayload as contract } from '@parley/contract'
import type * as z from 'zod'
import { lockAccount } from '#base/kit'
import { ParleyError } from '#base/kernel'
import { functionNotFound } from '#faas/functions'
import type { Author } from './author.ts'
import type { SavedPayloadsDeps } from './deps.ts'
import { toSavedPayload } from './read.ts'
import { findNames, type OfFunction, removeFormer, upsertPayload } from './repository.ts'

/** Of one function: of each author, and for all. */
const MAX_PAYLOADS = 100

/**
 * Keeps an input under its name, in place of an earlier one of this name.
 * @throws `conflict` where there are as many as may be
 */
export async function savePayload(
  { store, ids, clock, functions }: SavedPayloadsDeps,
  { accountId, functionId }: OfFunction,
  author: Author,
  { name, shared, payload }: z.output<typeof contract.body>,
): Promise<SavedPayload> {
  return store.transaction(async (tx) => {
    await lockAccount(tx, accountId)
    if (!(await functions.find(tx, accountId, functionId))) {
      throw functionNotFound(accountId, functionId)
    }
    const names = await findNames(tx, { accountId, functionId }, shared ? null : author)
    if (names.length >= MAX_PAYLOADS && !names.includes(name)) {
      throw new ParleyError(
        'conflict',
        `A function may have ${MAX_PAYLOADS} saved payloads of one author, and as many for all: delete one first`,
      )
    }
    if (!shared) await removeFormer(tx, { accountId, functionId }, author, name)
    const row = {
      accountId,
      payloadId: ids.uuid(),
      functionId,
      owner: shared ? null : author.owner,
      name,
      payload,
      createdAt: new Date(clock.now()),
      createdBy: author.name,
    }
    return toSavedPayload(await upsertPayload(tx, row))
  })
}
