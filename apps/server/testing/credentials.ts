import { randomInt } from 'node:crypto'
import type { FirstRun } from '#identity/accounts'
import type { Context } from '#server/context'

/** Credentials of an account, with the bearers that nearly every test needs. */
export interface Credentials extends FirstRun {
  /** Of the administrator. */
  adminBearer: string
  /** Of the OAuth2 application. */
  appToken: string
}

/** Signs the account's administrator and application in; makes an account when none is given. */
export async function newAccount(context: Context, given?: FirstRun): Promise<Credentials> {
  const { accounts, credentials, config } = context
  const made =
    given ??
    (await accounts.createAccount({
      ...config.firstRun,
      accountId: String(randomInt(10_000_000, 99_999_999)),
    }))
  const { accountId, admin, client } = made
  const session = await accounts.logIn(accountId, {
    address: '127.0.0.1',
    loginName: admin.user,
    proof: { password: admin.password },
  })
  const token = await credentials.appTokens.issue(accountId, {
    clientId: client.id,
    clientSecret: client.secret,
    scopes: [],
  })
  if (!token) throw new Error('The application of the account got no token')
  return { ...made, adminBearer: session.bearer, appToken: token.accessToken }
}
