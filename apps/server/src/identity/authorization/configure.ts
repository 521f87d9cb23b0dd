import { DELEGATED_SCOPES, type OAuthClient } from '@parley/contract'
import type {
  Adapter,
  AdapterPayload,
  Configuration,
  JWK,
  KoaContextWithOIDC,
  Provider,
} from 'oidc-provider'
import { textOf } from './asking.ts'
import type { OpenAuthorizationDeps } from './given-deps.ts'

/** In seconds. */
export interface Lives {
  sessionS: number
  tokenS: number
  /** How long users' consent lasts, and refresh tokens. */
  consentS: number
}

export interface AccountServer {
  accountId: string
  issuer: string
  /** The private key that signs. */
  jwk: object
  lives: Lives
}

const CODE_S = 60
/** How long a person may take to log in or to consent. */
const INTERACTION_S = 600

/** What the access tokens are for, as a resource in the sense of RFC 8707. */
export const RESOURCE = 'urn:parley:functions'

/** The OAuth2 server of one account: what `oidc-provider` needs to know. The library is loaded when it is first needed. */
export async function configure(
  deps: OpenAuthorizationDeps,
  server: AccountServer,
): Promise<Provider> {
  const { default: OidcProvider, errors, interactionPolicy } = await import('oidc-provider')
  const { accountId, issuer, jwk, lives } = server
  const { credentials, grants, accounts, logger, wallClock } = deps
  const reused = () => new errors.InvalidGrant('used before')

  async function userOf(userId: string) {
    const user = await accounts.users.find(accountId, userId)
    return user?.enabled && user.userId === userId ? user : undefined
  }

  const policy = interactionPolicy.base()
  const isGone = ({ oidc }: KoaContextWithOIDC) =>
    oidc.session?.accountId !== undefined && !oidc.account
  policy
    .get('login')
    ?.checks.add(new interactionPolicy.Check('user_gone', 'The user is gone', isGone))

  const configuration: Configuration = {
    adapter: (kind: string): Adapter =>
      kind === 'Client'
        ? clientAdapter(async (id) => metadataOf(await credentials.clients.find(accountId, id)))
        : (grants.openItems(accountId, kind, reused) as Adapter),
    jwks: { keys: [jwk as JWK] },
    cookies: {
      names: {
        session: 'parley_authorization',
        interaction: 'parley_interaction',
        resume: 'parley_resume',
      },
      long: { httpOnly: true, sameSite: 'lax', signed: true, path: new URL(issuer).pathname },
      short: { httpOnly: true, sameSite: 'lax', signed: true },
      keys: [credentials.digest(`cookies of ${accountId}`)],
    },
    claims: { openid: ['sub'] },
    scopes: ['openid', 'offline_access'],
    responseTypes: ['code'],
    clientAuthMethods: ['client_secret_basic', 'client_secret_post'],
    subjectTypes: ['public'],
    routes: { authorization: '/authorize', token: '/token', jwks: '/jwks.json' },
    pkce: { required: () => false },
    rotateRefreshToken: true,
    issueRefreshToken: () => true,
    // They end with the user's consent: see `endSessions` of the accounts.
    expiresWithSession: () => false,
    clientBasedCORS: () => false,
    clockTolerance: 5,
    async findAccount(_ctx, userId) {
      const user = await userOf(userId)
      return user && { accountId: user.userId, claims: () => ({ sub: user.userId }) }
    },
    interactions: {
      policy,
      url: (_ctx, { uid }) => `${new URL(issuer).pathname}/interaction/${uid}`,
    },
    renderError(ctx, out) {
      ctx.type = 'application/json'
      ctx.body = out
    },
    ttl: {
      AccessToken: () => lives.tokenS,
      AuthorizationCode: CODE_S,
      Grant: () => lives.consentS,
      IdToken: () => lives.tokenS,
      Interaction: INTERACTION_S,
      RefreshToken: () => lives.consentS,
      Session: () => lives.sessionS,
    },
    formats: {
      customizers: {
        jwt(_ctx, token, parts) {
          if (!('grantId' in token)) throw new Error('Only users give tokens')
          const iat = Math.floor(wallClock.now() / 1000)
          Object.assign(parts.payload, {
            azp: token.clientId,
            grant: grants.digestOf(String(token.grantId)),
            iat,
            exp: iat + lives.tokenS,
          })
        },
      },
    },
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => RESOURCE,
        useGrantedResource: () => true,
        async getResourceServerInfo(ctx, resource) {
          if (resource !== RESOURCE) throw new errors.InvalidTarget()
          const client = await credentials.clients.find(accountId, ctx.oidc.client?.clientId ?? '')
          const scopes = client ? delegatedScopes(client) : []
          refuseScopes(ctx, scopes)
          return {
            scope: scopes.join(' '),
            audience: accountId,
            accessTokenFormat: 'jwt',
            jwt: { sign: { alg: 'RS256' } },
          }
        },
      },
    },
  }

  /** Names what the application may not ask for, instead of granting less without a word. */
  function refuseScopes({ oidc }: KoaContextWithOIDC, scopes: readonly string[]): void {
    // A token that was issued before may name what the application has lost since then.
    if (oidc.route !== 'authorization') return
    const known = new Set(['openid', 'offline_access', ...scopes])
    const asked = textOf(oidc.params?.['scope']).split(' ')
    const refused = asked.filter((scope) => scope !== '' && !known.has(scope))
    if (refused.length === 0) return
    const words = `the application does not have ${refused.join(', ').slice(0, 200)}`
    throw new errors.InvalidScope(words, refused[0] ?? '')
  }

  const provider = new OidcProvider(issuer, configuration)
  Object.assign(provider.Client.prototype, {
    compareClientSecret(this: { clientId: string }, secret: string) {
      return credentials.isKnownSecret(accountId, this.clientId, secret)
    },
  })
  const failed = (_ctx: unknown, error: Error) =>
    logger.error({ err: error, accountId }, 'The OAuth2 server failed')
  provider.on('server_error', failed)
  // What the web framework below the library could not answer.
  Object.assign(provider, { onerror: (error: Error) => failed(undefined, error) })
  return provider
}

/** The scopes of an application that users can let it use. */
export function delegatedScopes({ scopes }: OAuthClient): string[] {
  return DELEGATED_SCOPES.filter((scope) => scopes.includes(scope))
}

/** How the library sees an application; `undefined` for one that does not act for users. */
function metadataOf(client: OAuthClient | undefined): AdapterPayload | undefined {
  if (!client?.grantTypes.includes('authorization_code')) return undefined
  return {
    client_id: client.clientId,
    // Never compared: see `compareClientSecret`.
    client_secret: 'sealed',
    client_name: client.name,
    redirect_uris: client.redirectUris,
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'client_secret_basic',
  }
}

function clientAdapter(find: (id: string) => Promise<AdapterPayload | undefined>): Adapter {
  const refuse = () => Promise.reject(new Error('Applications are changed by the native API'))
  return {
    find,
    upsert: refuse,
    findByUserCode: refuse,
    findByUid: refuse,
    consume: refuse,
    destroy: refuse,
    revokeByGrantId: refuse,
  }
}
