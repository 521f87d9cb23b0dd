import { afterAll, expect, test } from 'vitest'
import { ownSettings, shownSettings } from '@parley/contract'
import { anotherScene, call, startTestServer } from '#testing'

const server = await startTestServer()
afterAll(() => server[Symbol.asyncDispose]())

const ask = (method: string, path: string, body?: unknown) =>
  server.request(method, `/api/v1/accounts/${server.accountId}/${path}`, {
    bearer: server.adminBearer,
    ...(body !== undefined && { body }),
  })

test.each([
  ['PATCH', 'settings', { messaging: { ringTimeMs: 5000 } }, 'messaging.ringTimeMs', 'ringMs'],
  ['PATCH', 'settings', { messaging: { ringMs: 5000, ttrs: {} } }, 'messaging.ttrs', 'ttr'],
  ['PATCH', 'settings', { limits: { timeoutMs: 100 } }, 'limits.timeoutMs', 'executionTimeMs'],
  ['PATCH', 'settings', { limit: {} }, 'limit', 'limits'],
  ['PATCH', 'settings', { ringMs: 5000 }, 'ringMs', 'messaging.ringMs'],
  ['PATCH', 'settings', { messaging: { limits: {} } }, 'messaging.limits', 'limits at the top'],
  ['PUT', 'chat-settings', { maxWaiting: 3 }, 'maxWaiting', 'mostWaiting'],
  ['PUT', 'chat-settings', { silenceMs: 60_000 }, 'silenceMs', 'silenceAfterMs'],
  ['PUT', 'transcript-settings', { holdMail: true }, 'holdMail', 'holdMails'],
])('%s %s with %j is refused by the name that was meant', async (method, path, body, at, meant) => {
  const before = await ask('GET', path)

  const reply = await ask(method, path, body)

  expect(reply.status).toBe(400)
  const { error } = reply.json<{ error: { message: string; details: object[] } }>()
  expect(error.message).toBe(`body.${at}: no such setting; did you mean ${meant}?`)
  expect(error.details).toMatchObject([{ path: `body.${at}` }])
  expect((await ask('GET', path)).json()).toEqual(before.json())
})

test('a log-in lasts at least a minute, so that it can be changed again', async () => {
  const reply = await ask('PATCH', 'settings', { identity: { sessionMs: 1, appTokenMs: 60_000 } })

  expect([reply.status, reply.text]).toEqual([
    400,
    expect.stringContaining('body.identity.sessionMs: must be at least a minute'),
  ])
  expect((await ask('PATCH', 'settings', { identity: { sessionMs: 60_000 } })).status).toBe(200)
  expect((await ask('PATCH', 'settings', { identity: { sessionMs: null } })).status).toBe(200)
})

const mail = {
  targetEmail: 'a@b.example',
  senderEmail: 'c@d.example',
  senderName: '',
  subject: 'x',
}
const noRank = { ruleId: 'none', enabled: true, csatAtLeast: 4, csatAtMost: 2, mail }

test('a rule that wants a better rating than its worst is refused by its name', async () => {
  const rules = [{ ...noRank, ruleId: 'all', csatAtMost: 4 }, noRank]
  const reply = await ask('PUT', 'transcript-settings', { rules })

  expect(reply.status).toBe(400)
  expect(reply.json()).toMatchObject({
    error: {
      details: [
        {
          path: 'body.rules.1.csatAtMost',
          message: 'must be at least csatAtLeast (4): rule "none" would fit no chat',
        },
      ],
    },
  })
})

test('a rule that was stored before and fits no chat is read, and other rules are changed beside it', async () => {
  const scene = await anotherScene(server)
  const { db } = server.context.store
  const changed = JSON.stringify({ transcripts: { rules: [noRank] } })
  const { accountId } = scene
  await db
    .insertInto('accountSettings')
    .values({ accountId, changed, updatedAt: new Date() })
    .onConflict((conflict) => conflict.column('accountId').doUpdateSet({ changed }))
    .execute()
  await call(scene, 'PATCH', 'settings', { limits: { functions: 7 } })

  const before = await call<{ rules: object[] }>(scene, 'GET', 'transcript-settings')
  expect(before.rules).toEqual([noRank])
  const rules = [
    { ...noRank, ruleId: 'all', csatAtMost: 5 },
    { ...noRank, enabled: false },
  ]
  expect(await call(scene, 'PUT', 'transcript-settings', { rules })).toMatchObject({ rules })
})

test.each([
  ['PATCH', 'settings'],
  ['PUT', 'chat-settings'],
])('%s %s refuses a name that every object has', async (method, path) => {
  const reply = await ask(method, path, { constructor: {} })

  expect(reply.status).toBe(400)
  expect(reply.json()).toMatchObject({ error: { details: [{ path: 'body.constructor' }] } })
})

test.each(Object.entries(ownSettings))(
  'the settings of %s have a path of their own, and are not among the others',
  async (name, { path, schema }) => {
    const defaults = schema.parse({})

    expect((await ask('GET', path)).json()).toEqual(defaults)
    expect((await ask('PUT', path, defaults)).json()).toEqual(defaults)
    expect((await ask('GET', 'settings')).json()).not.toHaveProperty(name)
  },
)

test('groups that are changed at once are all kept, in one row', async () => {
  const other = await server.anotherAccount()
  const call = (method: string, path: string, body?: object) =>
    server.request(method, `/api/v1/accounts/${other.accountId}/${path}`, {
      bearer: other.adminBearer,
      ...(body && { body }),
    })

  await Promise.all([
    call('PATCH', 'settings', { limits: { logEntries: 3 } }),
    call('PATCH', 'settings', { language: 'de' }),
    call('PUT', 'chat-settings', { startsPerMinute: 7 }),
    call('PUT', 'transcript-settings', { holdMails: true }),
  ])

  const shown = (await call('GET', 'settings')).json()
  expect(shown).toMatchObject({ language: 'de', limits: { logEntries: 3 } })
  expect(Object.keys(shownSettings).every((name) => name in (shown as object))).toBe(true)
  expect((await call('GET', 'chat-settings')).json()).toMatchObject({ startsPerMinute: 7 })
  expect((await call('GET', 'transcript-settings')).json()).toMatchObject({ holdMails: true })
})

test('canned answers have names of their own, and an end', async () => {
  const answer = { name: 'hours', text: 'We are here from 8 to 18.' }
  const put = (answers: object[]) => ask('PUT', 'canned-answers', { answers })
  const message = async (answers: object[]) =>
    (await put(answers)).json<{ error: { message: string } }>().error.message

  expect((await put([answer])).json()).toEqual({ answers: [{ ...answer, skillIds: [] }] })
  expect(await message([answer, answer])).toContain('body.answers.1.name: must be unique')
  expect(await message([{ ...answer, name: 'two words' }])).toContain('without spaces')
  const long = Array.from({ length: 26 }, (_, index) => ({
    name: `a${index}`,
    text: 'x'.repeat(8000),
  }))
  expect(await message(long)).toContain('at most 200000 characters')
  expect((await ask('GET', 'canned-answers')).json()).toEqual({
    answers: [{ ...answer, skillIds: [] }],
  })
})
