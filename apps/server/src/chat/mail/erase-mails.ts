import type { MailDeps } from './deps.ts'
import { deleteMails } from './repository.ts'

/** Erases the mails about these chats. A mail that is being sent at this moment still leaves. */
export async function eraseMails(
  { store }: MailDeps,
  accountId: string,
  chatIds: readonly string[],
): Promise<void> {
  if (chatIds.length > 0) await store.transaction((tx) => deleteMails(tx, accountId, chatIds))
}
