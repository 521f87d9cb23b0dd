import type { Principal } from '#base/http'
import type { Reader } from '#messaging/reading'
import type { HistoryDeps } from './deps.ts'

/** Who reads conversations over the native API. */
export interface Viewer {
  reader: Reader
  /** Whether it may see what functions got, returned and logged. */
  seesRuns: boolean
}

/** A user sees what it sees on the socket. A program that may read conversations reads them all, as in the published history. */
export async function viewerOf(
  { accounts }: Pick<HistoryDeps, 'accounts'>,
  principal: Principal,
): Promise<Viewer> {
  const { accountId, id, pid = id, permissions } = principal
  const isUser = principal.kind === 'user'
  const user = isUser ? await accounts.users.find(accountId, id) : undefined
  const reader: Reader = {
    kind: user?.kind === 'bot' ? 'bot' : 'agent',
    userId: id,
    pid,
    supervises: !isUser || permissions.has('conversation:manage'),
    skillIds: user?.skillIds ?? [],
  }
  return { reader, seesRuns: permissions.has('log:read') }
}
