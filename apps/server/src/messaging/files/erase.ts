import type { FileDeps } from './deps.ts'
import { deleteFilesOf, type Gone } from './repository.ts'

/** Deletes what was sent in these conversations, and all that these consumers ever uploaded. */
export async function erase(
  { store }: Pick<FileDeps, 'store'>,
  accountId: string,
  gone: Gone,
): Promise<void> {
  await deleteFilesOf(store.db, accountId, gone)
}
