import type { Provider } from 'oidc-provider'
import { boundedMap, declareBound } from '#base/bounds'
import { type Asking, issuerOf } from './asking.ts'
import { configure, type Lives } from './configure.ts'
import type { OpenAuthorizationDeps } from './given-deps.ts'

const PROVIDERS = declareBound({
  kind: 'map',
  holds: 'OAuth2 servers of accounts',
  limit: 500,
  per: 'node',
  beyond: 'the least recently used one is made again',
})

/** The OAuth2 server of one account, under one address. It keeps nothing by itself. */
export interface AccountProvider {
  provider: Provider
  issuer: string
  lives: Lives
}

export interface Providers {
  get(asking: Asking): Promise<AccountProvider>
}

const DAY_S = 86_400

export function openProviders(deps: OpenAuthorizationDeps): Providers {
  const known = boundedMap<string, AccountProvider & { kid: string | undefined }>(PROVIDERS)
  return {
    async get(asking) {
      const { accountId } = asking
      const issuer = issuerOf(asking)
      const jwk = await deps.credentials.signingKeys.signingJwk(accountId)
      const { identity } = await deps.settings.get(accountId)
      const lives = {
        sessionS: Math.ceil(identity.sessionMs / 1000),
        tokenS: Math.ceil(identity.appTokenMs / 1000),
        consentS: 90 * DAY_S,
      }
      const found = known.get(issuer)
      if (found?.kid === jwk.kid) {
        Object.assign(found.lives, lives)
        return found
      }
      const provider = await configure(deps, { accountId, issuer, jwk, lives })
      const made = { provider, issuer, lives, kid: jwk.kid }
      known.set(issuer, made)
      return made
    },
  }
}
