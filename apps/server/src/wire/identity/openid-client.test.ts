import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import * as oidc from 'openid-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  anotherScene,
  authorizePath,
  consent,
  givenApplication,
  lambdasOf,
  openTestBrowser,
  pkcePair,
  startTestServer,
  type TestServer,
} from '#testing'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ clock: 'system' })
})
afterAll(() => server[Symbol.asyncDispose]())

const ECHO = 'function lambda(input, callback) { callback(null, input.payload) }'

test('openid-client, configured by discovery alone, invokes a function, and again after a refresh', async () => {
  const scene = await anotherScene(server)
  const uuid = await lambdasOf(scene).deployed(ECHO)
  const { clientId, clientSecret, redirectUri } = await givenApplication(scene)
  const issuer = new URL(`${scene.url}/sentinel/api/account/${scene.accountId}`)
  const execute = [oidc.allowInsecureRequests]

  const config = await oidc.discovery(issuer, clientId, clientSecret, undefined, { execute })
  const verifier = oidc.randomPKCECodeVerifier()
  const [state, nonce] = [oidc.randomState(), oidc.randomNonce()]
  const address = oidc.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: 'openid faas.lambda.invoke',
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
  })
  const back = await consent(openTestBrowser(scene), address.href, scene.admin)
  const tokens = await oidc.authorizationCodeGrant(config, back, {
    pkceCodeVerifier: verifier,
    expectedState: state,
    expectedNonce: nonce,
    idTokenExpected: true,
  })
  const invoke = (accessToken: string, payload: string) =>
    oidc.fetchProtectedResource(
      config,
      accessToken,
      new URL(
        `${scene.url}/api/account/${scene.accountId}/lambdas/${uuid}/invoke?v=1&externalSystem=portal`,
      ),
      'POST',
      JSON.stringify({ timestamp: 0, headers: [], payload }),
      new Headers({ 'content-type': 'application/json' }),
    )

  expect(tokens.claims()).toMatchObject({ iss: issuer.href, aud: clientId, nonce })
  expect(await (await invoke(tokens.access_token, 'first')).json()).toBe('first')
  const renewed = await oidc.refreshTokenGrant(config, tokens.refresh_token ?? '')
  expect(await (await invoke(renewed.access_token, 'second')).json()).toBe('second')
})

/** What a person writes who has no library: the published paths, by curl alone. */
const SCRIPT = `set -eu
issuer="$URL/sentinel/api/account/$ACCOUNT"
token=$(curl -sS --fail-with-body "$issuer/token?v=1.0" \\
  -d grant_type=authorization_code -d "code=$CODE" -d "redirect_uri=$REDIRECT_URI" -d "code_verifier=$VERIFIER" \\
  -d "client_id=$CLIENT_ID" -d "client_secret=$CLIENT_SECRET" |
  sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')
curl -sS --fail-with-body "$URL/api/account/$ACCOUNT/lambdas/$FUNCTION/invoke?v=1&externalSystem=shell" \\
  -H "authorization: Bearer $token" -H 'content-type: application/json' \\
  -d '{"timestamp":0,"headers":[],"payload":"by curl"}'
`

test('a shell script exchanges a code and invokes a function', async () => {
  const scene = await anotherScene(server)
  const uuid = await lambdasOf(scene).deployed(ECHO)
  const application = await givenApplication(scene)
  const { verifier, challenge } = pkcePair()
  const asked = { code_challenge: challenge, code_challenge_method: 'S256' }
  const path = authorizePath(scene, application, asked)
  const back = await consent(openTestBrowser(scene), path, scene.admin)

  const { stdout } = await promisify(execFile)('sh', ['-c', SCRIPT], {
    env: {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      URL: scene.url,
      ACCOUNT: scene.accountId,
      FUNCTION: uuid,
      CODE: back.searchParams.get('code') ?? '',
      REDIRECT_URI: application.redirectUri,
      VERIFIER: verifier,
      CLIENT_ID: application.clientId,
      CLIENT_SECRET: application.clientSecret,
    },
  })

  expect(stdout).toBe('"by curl"')
})

test('discovery names what the server does, and nothing that it does not', async () => {
  const scene = await anotherScene(server)
  const issuer = `${scene.url}/sentinel/api/account/${scene.accountId}`

  const { status, headers, json } = await scene.request(
    'GET',
    `/sentinel/api/account/${scene.accountId}/.well-known/openid-configuration`,
  )

  expect([status, headers['access-control-allow-origin']]).toEqual([200, '*'])
  const known = json<Record<string, unknown>>()
  expect(known).toMatchObject({
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks.json`,
    code_challenge_methods_supported: ['S256'],
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    id_token_signing_alg_values_supported: ['RS256'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
  })
  const endpoints = Object.keys(known).filter((name) => name.endsWith('_endpoint'))
  expect(endpoints.toSorted((a, b) => a.localeCompare(b))).toEqual([
    'authorization_endpoint',
    'token_endpoint',
  ])
})
