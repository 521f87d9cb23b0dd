import { guarded, type Http, route, type RouteCall } from '#base/http'
import { invalid, ParleyError } from '#base/kernel'
import { basicCredentials } from './basic-credentials.ts'
import type { Deps } from './deps.ts'
import { openToPages } from './look-up-routes.ts'
import * as specs from './specs.ts'

type TokenCall = Pick<RouteCall<typeof specs.issueTokenV1>, 'params' | 'query' | 'body' | 'request'>

/** Tokens for applications by OAuth2 client credentials, and the keys that verify them. */
export function sentinelRoutes(http: Http, { accounts, credentials }: Deps): void {
  const issue = (call: TokenCall) =>
    accounts.proveCaller(call.params.accountId, () => issueToken(call))

  async function issueToken({ params, query, body, request }: TokenCall) {
    const asked = { ...query, ...basicCredentials(request.headers.authorization), ...body }
    for (const name of ['grant_type', 'client_id', 'client_secret'] as const) {
      if (asked[name] === undefined) throw invalid(name, 'is missing')
    }
    if (asked.grant_type !== 'client_credentials') {
      throw invalid('grant_type', 'must be client_credentials')
    }
    using attempt = await accounts.openAttempt({
      accountId: params.accountId,
      name: asked.client_id ?? '',
      address: http.clientAddress(request.raw),
      isRandom: true,
    })
    attempt.check()
    // A proof that was used is kept for a while: strangers must not have any number of them kept.
    const proof =
      request.headers.dpop === undefined
        ? undefined
        : await credentials.keyProofs
            .verify(params.accountId, guarded(request), undefined)
            .catch(refuseProof)
    const keyThumbprint = proof?.thumbprint
    const issued = await credentials.appTokens.issue(params.accountId, {
      clientId: asked.client_id ?? '',
      clientSecret: asked.client_secret ?? '',
      scopes: (asked.scope ?? '').split(' ').filter(Boolean),
      keyThumbprint,
    })
    if (!issued) {
      attempt.failed()
      throw new ParleyError('unauthorized', 'The client id or the client secret is wrong')
    }
    const { accessToken, expiresInS } = issued
    return {
      access_token: accessToken,
      token_type: keyThumbprint === undefined ? 'Bearer' : 'DPoP',
      expires_in: expiresInS,
    }
  }

  // A published client refuses any other member here (`spec/wire-api.md` 4.1).
  route(http.app, specs.issueTokenV1, async (call) => {
    const { access_token, token_type } = await issue(call)
    return { access_token, token_type }
  })
  route(http.app, specs.issueTokenV2, issue)
  route(http.app, specs.installationKeys, async ({ reply }) => {
    openToPages(reply)
    return credentials.installationPublicKeys()
  })
  route(http.app, specs.publicKeys, async ({ params, reply }) => {
    await accounts.getAccount(params.accountId)
    openToPages(reply)
    return credentials.signingKeys.publicKeys(params.accountId)
  })
}

/** Who the application is has not been looked at: its secret may be right. */
function refuseProof(thrown: unknown): never {
  if (!(thrown instanceof ParleyError) || thrown.code !== 'unauthorized') throw thrown
  throw new ParleyError('invalid_request', thrown.message, { cause: thrown })
}
