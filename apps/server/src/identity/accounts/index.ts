import { credentialRoutes } from '#identity/credentials'
import type { Http } from '#base/http'
import type { Accounts } from './open.ts'
import { accountRoutes } from './routes.ts'
import { sessionRoutes } from './session-routes.ts'

export type { FirstRun } from './first-run.ts'
export { bearerOf } from './guard.ts'
export { type Accounts, openAccounts } from './open.ts'
export type { LoginProof } from './sessions.ts'

/** Mounts the native API of this room. */
export function mountAccounts(http: Http, accounts: Accounts): void {
  http.guardWith(accounts.guard)
  sessionRoutes(http, accounts)
  accountRoutes(http, accounts)
  credentialRoutes(http, accounts.room)
}
