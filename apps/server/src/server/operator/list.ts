import type { OperatedAccount } from '@parley/contract'
import type { OperatorDeps } from './deps.ts'
import { selectAccounts } from './repository.ts'

/** Every account, by id. */
export async function list(
  { store }: Pick<OperatorDeps, 'store'>,
  page: { after?: string | undefined; limit: number },
): Promise<{ accounts: OperatedAccount[]; next?: string }> {
  const rows = await selectAccounts(store.db, page)
  const accounts = rows.slice(0, page.limit).map(shown)
  const last = accounts.at(-1)
  return { accounts, ...(rows.length > page.limit && last && { next: last.accountId }) }
}

/** An account as the operator sees it. */
export function shown({
  accountId,
  name,
  createdAt,
  suspendedAt,
  endingAt,
}: Awaited<ReturnType<typeof selectAccounts>>[number]): OperatedAccount {
  return {
    accountId,
    name,
    state: endingAt ? 'ending' : suspendedAt ? 'suspended' : 'active',
    createdAt: createdAt.toISOString(),
    ...(suspendedAt && { suspendedAt: suspendedAt.toISOString() }),
  }
}
