import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { consent, authorizePath, startDoomedNode, startTestServer, type TestServer } from '#testing'
import { askForTokens, caller, consented, FORM, type Tokens } from './user-tokens.fixture.ts'

/** Where the node is when it dies: before one of the statements of an exchange. */
const POINTS = {
  'before the code or token counts as used': `before update on grant_item for each row
    when (old.consumed_at is null and new.consumed_at is not null)`,
  'before the new refresh token is kept': `before insert on grant_item for each row
    when (new.kind = 'RefreshToken')`,
  'before the answer is sent': 'before delete on grant_item for each statement',
}

/** Statements stop at the point for as long as a lock is held. */
async function stopAt({ context }: TestServer, point: string) {
  const { db } = context.store
  await sql`
    create or replace function wait_for_test() returns trigger language plpgsql as $$ begin
      perform pg_advisory_xact_lock_shared(17, 17);
      return coalesce(new, old);
    end $$`.execute(db)
  await sql
    .raw(`create trigger wait_for_test ${point} execute function wait_for_test()`)
    .execute(db)
  const [held, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const holding = db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(17, 17)`.execute(tx)
    held.resolve()
    await released.promise
  })
  await held.promise
  const waiting = async () => {
    const { rows } = await sql<{ pid: number }>`
      select pid from pg_locks
      where locktype = 'advisory' and classid = 17 and objid = 17 and not granted
        and database = (select oid from pg_database where datname = current_database())`.execute(db)
    return rows.map(({ pid }) => pid)
  }
  return {
    /** Resolves with who waits, once somebody does. */
    async reached(): Promise<number[]> {
      await expect.poll(waiting, { timeout: 60_000, interval: 5 }).toHaveLength(1)
      return await waiting()
    },
    /** The statement of the dead node goes on, and its connection ends. */
    async release(pids: number[]): Promise<void> {
      released.resolve()
      await holding
      const ids = sql.join(pids)
      const left = () => sql`select from pg_stat_activity where pid in (${ids})`.execute(db)
      await expect.poll(async () => (await left()).rows, { timeout: 60_000 }).toHaveLength(0)
      await sql`drop trigger wait_for_test on grant_item`.execute(db)
    },
  }
}

test.each([
  ['authorization_code', 'before the code or token counts as used'],
  ['authorization_code', 'before the new refresh token is kept'],
  ['authorization_code', 'before the answer is sent'],
  ['refresh_token', 'before the new refresh token is kept'],
] as const)(
  'after a kill in the exchange of a %s, %s, nobody gets tokens for it, and nothing stays',
  async (grantType, at) => {
    await using live = await startTestServer({ clock: 'system' })
    await using doomed = await startDoomedNode(live)
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

    const stop = await stopAt(live, POINTS[at])
    const path = `/sentinel/api/account/${scene.accountId}/token?v=1.0`
    const { clientId, clientSecret } = application
    const secret = { client_id: clientId, client_secret: clientSecret }
    const body = new URLSearchParams({ ...secret, ...fields }).toString()
    const asked = fetch(`${doomed.url()}${path}`, { method: 'POST', headers: FORM, body }).then(
      ({ status }) => status,
      () => 'no answer',
    )
    const waiting = await stop.reached()
    await doomed.kill()
    expect(await asked).toBe('no answer')
    await stop.release(waiting)

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
  180_000,
)
