import { session } from '../session/session.ts'
import { words } from '../words/index.ts'

/** What people call an account, as far as this browser knows, or else its id. */
export function accountName(accountId: string): string {
  return session.lastOf(accountId)?.accountName || words.shell.account(accountId)
}

/** The account of a page. */
export function AccountLabel({ accountId }: { accountId: string }) {
  return (
    <span className="faint account" title={words.shell.account(accountId)}>
      <bdi>{accountName(accountId)}</bdi>
    </span>
  )
}
