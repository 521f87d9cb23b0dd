import { afterAll, expect, test } from 'vitest'
import { authorizePath, consent, startDoomedNode, startTestServer, stopAt } from '#testing'
import { askForTokens, caller, consented, FORM, type Tokens } from './user-tokens.fixture.ts'

/** Where the node is when it dies: before one of the statements of an exchange. */
const POINTS = {
  'before the code or token counts as used': `before update for each row
    when (old.consumed_at is null and new.consumed_at is not null)`,
  'before the new refresh token is kept': `before insert for each row
    when (new.kind = 'RefreshToken')`,
  'before the answer is sent': 'before delete for each statement',
}

const live = await startTestServer({ clock: 'system' })
afterAll(() => live[Symbol.asyncDispose]())
const doomed = await startDoomedNode(live)
afterAll(() => doomed[Symbol.asyncDispose]())

test.each([
  ['authorization_code', 'before the code or token counts as used'],
  ['authorization_code', 'before the new refresh token is kept'],
  ['authorization_code', 'before the answer is sent'],
  ['refresh_token', 'before the new refresh token is kept'],
] as const)(
  'after a kill in the exchange of a %s, %s, nobody gets tokens for it, and nothing stays',
  async (grantType, at) => {
    if (doomed.url() === undefined) await doomed.start()
    const { db } = live.context.store
    const { scene, application, browser, code, exchange } = await consented(live)
    const given = grantType === 'refresh_token' ? (await exchange()).json<Tokens>() : undefined
    const fields = {
      grant_type: grantType,
      ...(given
        ? { refresh_token: given.refresh_token }
        : { code, redirect_uri: application.redirectUri }),
    }
    const kept = async () =>
      await db
        .selectFrom('grantItem')
        .select('kind')
        .where('accountId', '=', scene.accountId)
        .where('kind', 'in', ['AuthorizationCode', 'Grant', 'RefreshToken'])
        .execute()

    const stop = await stopAt(live, 'grant_item', POINTS[at])
    const path = `/sentinel/api/account/${scene.accountId}/token?v=1.0`
    const { clientId, clientSecret } = application
    const secret = { client_id: clientId, client_secret: clientSecret }
    const body = new URLSearchParams({ ...secret, ...fields }).toString()
    const asked = fetch(`${doomed.url()}${path}`, { method: 'POST', headers: FORM, body }).then(
      ({ status }) => status,
      () => 'no answer',
    )
    await stop.reached()
    await doomed.kill()
    expect(await asked).toBe('no answer')
    await stop.release()

    const again = await askForTokens(scene, application, fields)
    expect([again.status, again.json()]).toMatchObject([400, { error: 'invalid_grant' }])
    expect(await kept()).toEqual([])
    if (given) expect((await caller(scene, given.access_token)).status).toBe(401)

    // The user starts anew.
    const back = await consent(browser, authorizePath(scene, application), scene.admin)
    const tokens = await askForTokens(scene, application, {
      grant_type: 'authorization_code',
      code: back.searchParams.get('code') ?? '',
      redirect_uri: application.redirectUri,
    })
    const { access_token } = tokens.json<Tokens>()
    expect((await caller(scene, access_token)).status).toBe(200)
  },
)
