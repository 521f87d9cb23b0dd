import { ParleyError } from '#base/kernel'
import type { FileDeps } from './deps.ts'
import { storedBytes } from './repository.ts'

/** Counts uploaded bytes, not granted ones: a grant that is not used must not take space. */
export async function requireSpace(
  { settings, store }: Pick<FileDeps, 'settings' | 'store'>,
  accountId: string,
  bytes: number,
): Promise<void> {
  const { messaging } = await settings.get(accountId)
  if ((await storedBytes(store.db, accountId)) + bytes <= messaging.storedFileBytes) return
  throw new ParleyError('conflict', 'The account has no room for more files')
}
