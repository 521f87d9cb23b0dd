import { isDeepStrictEqual } from 'node:util'
import { ConsumerProfile } from '@parley/contract'
import { changeDocument, findDocument } from '#base/kit'
import { PROFILE } from '#messaging/reading'
import type { PeopleDeps } from './deps.ts'
import { endOf } from './ending.ts'
import { selectNames } from './repository.ts'

export async function findProfile(
  { store }: Pick<PeopleDeps, 'store'>,
  accountId: string,
  consumerId: string,
): Promise<ConsumerProfile> {
  const found = await findDocument(store.db, accountId, PROFILE, consumerId)
  return ConsumerProfile.parse(found?.state ?? {})
}

/** What consumers call themselves, by id; who has said no name is not in it. */
export async function findNames(
  { store }: Pick<PeopleDeps, 'store'>,
  accountId: string,
  consumerIds: readonly string[],
): Promise<Map<string, string>> {
  const found = await selectNames(store.db, accountId, consumerIds)
  return new Map(found.map(({ consumerId, name }) => [consumerId, name]))
}

/** Members that the change leaves out stay as they are. */
export async function updateProfile(
  deps: Pick<PeopleDeps, 'store' | 'delivery' | 'settings' | 'clock' | 'monotonic'>,
  accountId: string,
  consumerId: string,
  change: ConsumerProfile,
): Promise<void> {
  const profile = {
    kind: PROFILE,
    id: consumerId,
    schema: ConsumerProfile,
    empty: () => ConsumerProfile.parse({}),
    name: `Profile of "${consumerId}"`,
  }
  const end = await endOf(deps, accountId, { document: PROFILE, id: consumerId })
  await changeDocument(deps, accountId, profile, (known) => {
    const state: ConsumerProfile = {
      ...known,
      ...change,
      privateData: { ...known.privateData, ...change.privateData },
    }
    return isDeepStrictEqual(state, known) ? undefined : { state, arm: [end] }
  })
}
