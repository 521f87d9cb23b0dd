import type { OpenAuthorizationDeps } from './given-deps.ts'
import type { Providers } from './providers.ts'

/** What its operations need. */
export interface AuthorizationDeps extends OpenAuthorizationDeps {
  providers: Providers
}
