import {
  anotherScene,
  authorizePath,
  consent,
  givenApplication,
  openTestBrowser,
  type Reply,
  type Scene,
  type TestApplication,
  type TestServer,
} from '#testing'

export interface Tokens {
  access_token: string
  token_type: string
  refresh_token: string
  id_token: string
  expires_in: number
}

export const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

/** The published way to tokens. */
export function askForTokens(
  scene: Scene,
  { clientId, clientSecret }: Pick<TestApplication, 'clientId' | 'clientSecret'>,
  fields: Record<string, string>,
): Promise<Reply> {
  const secret = { client_id: clientId, client_secret: clientSecret }
  return scene.request('POST', `/sentinel/api/account/${scene.accountId}/token?v=1.0`, {
    headers: FORM,
    body: new URLSearchParams({ ...secret, ...fields }).toString(),
  })
}

/** An account with an application whose user has consented. */
export async function consented(
  server: TestServer,
  more: { application?: object; query?: Record<string, string> } = {},
) {
  const scene = await anotherScene(server)
  const application = await givenApplication(scene, more.application)
  const browser = openTestBrowser(scene)
  const path = authorizePath(scene, application, more.query)
  const back = await consent(browser, path, scene.admin)
  const code = back.searchParams.get('code') ?? ''
  const exchange = (fields: Record<string, string> = {}) =>
    askForTokens(scene, application, {
      grant_type: 'authorization_code',
      code,
      redirect_uri: application.redirectUri,
      ...fields,
    })
  return { scene, application, browser, path, back, code, exchange }
}

/** What the caller of a token may do. */
export function caller(scene: Scene, bearer: string) {
  return scene.request('GET', `/api/v1/accounts/${scene.accountId}/caller`, { bearer })
}
