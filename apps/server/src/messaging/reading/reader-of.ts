import type { Accounts } from '#identity/accounts'
import type { Principal } from '#base/http'
import type { Reader } from './may-see.ts'

/**
 * What a caller may see: a user what it sees on the socket, by the skills that it has now. A program has no skills: one that may
 * read conversations reads all.
 */
export async function readerOf(
  { accounts }: { accounts: Pick<Accounts, 'users'> },
  { accountId, kind, id, pid = id, permissions }: Principal,
): Promise<Reader> {
  const user = kind === 'user' ? await accounts.users.find(accountId, id) : undefined
  return {
    kind: user?.kind === 'bot' ? 'bot' : 'agent',
    userId: id,
    pid,
    supervises: permissions.has('conversation:manage'),
    readsAll: permissions.has(kind === 'app' ? 'conversation:read' : 'conversation:read-all'),
    skillIds: user?.skillIds,
  }
}
