import { isDeepStrictEqual } from 'node:util'
import { ConsumerProfile } from '@parley/contract'
import type { Deps } from './deps.ts'
import { findDocument } from './repository.ts'
import { retryStale } from './write.ts'

const PROFILE = 'profile'

export async function findProfile(
  { store }: Pick<Deps, 'store'>,
  accountId: string,
  consumerId: string,
): Promise<ConsumerProfile> {
  const found = await findDocument(store.db, accountId, PROFILE, consumerId)
  return ConsumerProfile.parse(found?.state ?? {})
}

/** Members that the change leaves out stay as they are. */
export async function updateProfile(
  { store, delivery, monotonic }: Pick<Deps, 'store' | 'delivery' | 'monotonic'>,
  accountId: string,
  consumerId: string,
  change: ConsumerProfile,
): Promise<void> {
  await retryStale({ monotonic }, `Profile of "${consumerId}"`, async () => {
    const found = await findDocument(store.db, accountId, PROFILE, consumerId)
    const known = ConsumerProfile.parse(found?.state ?? {})
    const state: ConsumerProfile = {
      ...known,
      ...change,
      privateData: { ...known.privateData, ...change.privateData },
    }
    if (isDeepStrictEqual(state, known)) return undefined
    const readVersion = found?.version ?? 0
    const documents = [{ kind: PROFILE, id: consumerId, readVersion, state }]
    const { status } = await delivery.commit({ accountId, documents })
    return status === 'stale' ? status : undefined
  })
}
