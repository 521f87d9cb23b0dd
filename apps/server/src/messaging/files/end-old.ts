import type { FileDeps } from './deps.ts'
import { deleteUnsent } from './repository.ts'

/** A granted file that is not sent in a conversation is deleted after this. */
const UNSENT_MS = 3600_000

/** Before each grant, and every night: an account may never grant another. Resolves to whether none is left. */
export function endOld(
  { store, clock }: Pick<FileDeps, 'store' | 'clock'>,
  accountId: string,
): Promise<boolean> {
  return deleteUnsent(store.db, accountId, new Date(clock.now() - UNSENT_MS))
}
