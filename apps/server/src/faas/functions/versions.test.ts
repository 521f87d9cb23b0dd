import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Lambdas, lambdasOf, startTestServer, type TestServer } from '#testing'

let server: TestServer
let lambdas: Lambdas
beforeAll(async () => {
  server = await startTestServer()
  lambdas = lambdasOf(server)
})
afterAll(() => server[Symbol.asyncDispose]())

const says = (word: string) => `const lambda = async () => '${word}'`

async function save(uuid: string, change: object): Promise<void> {
  const reply = await lambdas.native('PUT', `/functions/${uuid}`, change)
  if (reply.status !== 200) throw new Error(reply.text)
}

test('every save is a version; two of them are compared, an old one is restored', async () => {
  const { uuid } = await lambdas.create(says('one'))
  await save(uuid, { version: 1, code: says('two') })
  await save(uuid, { version: 2, description: 'other' })

  const listed = await lambdas.native('GET', `/functions/${uuid}/versions`)
  expect(listed.json()).toMatchObject({
    versions: [{ version: 3 }, { version: 2 }, { version: 1 }],
  })
  const compared = await lambdas.native('GET', `/functions/${uuid}/comparison?from=1&to=3`)
  expect(compared.json()).toMatchObject({
    from: { code: says('one') },
    to: { code: says('two') },
    changed: ['code', 'description'],
  })

  const restored = await lambdas.native('POST', `/functions/${uuid}/versions/1/restore`)
  expect(restored.json()).toMatchObject({ version: 4, code: says('one'), state: 'Draft' })
  const version = await lambdas.native('GET', `/functions/${uuid}/versions/4`)
  expect(version.json()).toMatchObject({ restoredFrom: 1 })
  expect((await lambdas.native('GET', `/functions/${uuid}/versions/9`)).status).toBe(404)
})

const SILENT = 'function lambda(input, callback) { return 1 }'
const UNUSED = [{ rule: 'unused-callback', line: 1 }]

test('many read a function at once: its source is not checked again for them, and all see its warnings', async () => {
  const { uuid } = await lambdas.create(SILENT)
  const read = () => lambdas.native('GET', `/functions/${uuid}`)

  const replies = await Promise.all(Array.from({ length: 40 }, read))

  expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]))
  expect(replies.at(-1)?.json()).toMatchObject({ warnings: UNUSED })
  await lambdas.native('PATCH', `/functions/${uuid}`, { name: `renamed_${uuid.slice(0, 8)}` })
  expect((await read()).json()).toMatchObject({ warnings: UNUSED })
})

test('a version that was saved before warnings were kept has them when it is read, and keeps them', async () => {
  const { db } = server.context.store
  const { uuid } = await lambdas.create(SILENT)
  const version = db.updateTable('functionVersion').where('functionId', '=', uuid)
  await version.set({ warnings: null }).execute()
  const read = () => lambdas.native('GET', `/functions/${uuid}`)

  const replies = await Promise.all(Array.from({ length: 40 }, read))

  expect(replies.map((reply) => reply.json<{ warnings: unknown }>().warnings)).toEqual(
    replies.map(() => [expect.objectContaining({ rule: 'unused-callback' })]),
  )
  // Whoever reads it now does not have it checked: that would find nothing in this source.
  await version.set({ code: 'const lambda = async () => 1' }).execute()
  expect((await read()).json()).toMatchObject({ warnings: UNUSED })
})

test('a rollback makes an earlier deployment live again, and no request fails meanwhile', async () => {
  const uuid = await lambdas.deployed(says('good'))
  await save(uuid, { code: says('bad') })
  await lambdas.deploy(uuid)
  expect((await lambdas.invoke(uuid, {})).text).toBe('"bad"')
  const { deployments } = (await lambdas.native('GET', `/functions/${uuid}/deployments`)).json<{
    deployments: { deploymentId: string; live: boolean; version: number }[]
  }>()
  expect(deployments.map(({ live, version }) => [version, live])).toEqual([
    [2, true],
    [1, false],
  ])

  const statuses = new Set<number>()
  let isDone = false
  const calling = (async () => {
    while (!isDone) statuses.add((await lambdas.invoke(uuid, {})).status)
  })()
  const path = `/functions/${uuid}/deployments/${deployments[1]?.deploymentId}/rollback`
  const reply = await lambdas.native('POST', path)
  expect(reply.json()).toMatchObject({
    version: 1,
    live: true,
    rollbackOf: deployments[1]?.deploymentId,
  })
  expect((await lambdas.invoke(uuid, {})).text).toBe('"good"')
  isDone = true
  await calling
  expect([...statuses]).toEqual([200])
  const now = await lambdas.native('GET', `/functions/${uuid}`)
  expect(now.json()).toMatchObject({ state: 'Modified', version: 2, liveVersion: 1 })
})

test.each([
  ['javascript', "const a = 1\n  throw new Error('not today')", 'not today (line 2, column 9)'],
  ['typescript', "type A = {\n}\nthrow new Error('no')", 'no (line 3, column 7)'],
])(
  'source in %s that cannot be loaded leaves the old one serving',
  async (language, code, said) => {
    const uuid = await lambdas.deployed(says('fine'))
    await save(uuid, { code: `${code}; ${says('never')}`, language })

    const reply = await lambdas.native('PUT', `/functions/${uuid}/deployment`)

    expect(reply.status).toBe(400)
    expect(reply.text).toContain(`"The source cannot be loaded: ${said}"`)
    expect((await lambdas.native('GET', `/functions/${uuid}`)).json()).toMatchObject({
      state: 'Deploy Error',
      liveVersion: 1,
    })
    expect((await lambdas.invoke(uuid, {})).text).toBe('"fine"')
  },
)

test('rules that became stricter show at deployment as a build error', async () => {
  const account = lambdasOf(server, await server.anotherAccount())
  const { uuid } = await account.create(says('long enough'))
  await account.native('PATCH', '/settings', { limits: { codeCharacters: 10 } })

  const reply = await account.deploy(uuid)

  expect(reply.status).toBe(400)
  const lambda = await account.call('GET', `/lambdas/${uuid}?v=1`)
  expect(lambda.json()).toMatchObject([
    { state: 'Build Error', lastDeployment: { deploymentError: { errorMsg: expect.any(String) } } },
  ])
})

test('of two deployments at once, one is refused', async () => {
  const { uuid } = await lambdas.create(says('hi'))
  const replies = await Promise.all([1, 2, 3, 4].map(() => lambdas.deploy(uuid)))
  expect(replies.some(({ status }) => status === 200)).toBe(true)
  const refused = replies.filter(({ status }) => status !== 200)
  expect(refused.map(({ status }) => status)).toEqual(refused.map(() => 409))
  expect(refused.every(({ text }) => text.includes('active deployment'))).toBe(true)
})

test('a function that is not deployed cannot be undeployed', async () => {
  const { uuid } = await lambdas.create(says('hi'))
  expect((await lambdas.native('DELETE', `/functions/${uuid}/deployment`)).status).toBe(404)
})

test('only so many versions and deployments are kept, and always the live one', async () => {
  const account = lambdasOf(server, await server.anotherAccount())
  await account.native('PATCH', '/settings', { limits: { keptVersions: 2, keptDeployments: 1 } })
  const uuid = await account.deployed(says('one'))
  for (const word of ['two', 'three', 'four']) {
    await account.native('PUT', `/functions/${uuid}`, { code: says(word) })
  }
  const { versions } = (await account.native('GET', `/functions/${uuid}/versions`)).json<{
    versions: { version: number }[]
  }>()
  expect(versions.map(({ version }) => version)).toEqual([4, 3, 1])
  await account.deploy(uuid)
  const { deployments } = (await account.native('GET', `/functions/${uuid}/deployments`)).json<{
    deployments: { version: number }[]
  }>()
  expect(deployments).toMatchObject([{ version: 4 }])
})

test('a version that is deleted while it is deployed does not become live', async () => {
  const account = lambdasOf(server, await server.anotherAccount())
  await account.native('PATCH', '/settings', { limits: { keptVersions: 1 } })
  const uuid = await account.deployed(says('one'))
  const change = (code: string) => account.native('PUT', `/functions/${uuid}`, { code })
  let live = ''
  let rounds = 0
  // On a slow machine the deployment may end before the version is deleted, or begin after it.
  const afterRound = async () => {
    rounds += 1
    live = (await account.invoke(uuid, {})).text
    await change(`for (const end = Date.now() + 1500; Date.now() < end;);\n${says(`${rounds}`)}`)
    const deploying = account.deploy(uuid)
    await change(says('not deployed'))
    return (await deploying).status
  }
  await expect.poll(afterRound).toBe(409)
  expect((await account.invoke(uuid, {})).text).toBe(live)
})

test('a source with a warning is saved, and a check without saving has the same warning', async () => {
  const code = 'async function lambda(input, callback) { return 1 }'
  const created = await lambdas.native('POST', '/functions', { name: 'w', description: 'd', code })
  expect(created.status).toBe(201)
  expect(created.json()).toMatchObject({ warnings: [{ rule: 'unused-callback', line: 1 }] })

  const checked = await lambdas.native('POST', '/source-checks', { code: 'function lambda( {' })
  expect(checked.json()).toMatchObject({
    valid: false,
    problems: [{ rule: 'syntax', line: 1 }],
  })
})

test('TypeScript runs, and its stack points at the lines of its author', async () => {
  const code = [
    'enum Mood { Good = "good" }',
    'interface Input { payload: { fail: boolean } }',
    '',
    'const lambda = async ({ payload }: Input): Promise<Mood> => {',
    '  if (payload.fail) throw new TypeError("line five")',
    '  return Mood.Good',
    '}',
  ].join('\n')
  const uuid = await lambdas.deployed(code)
  expect((await lambdas.invoke(uuid, { fail: false })).text).toBe('"good"')
  await lambdas.invoke(uuid, { fail: true })

  const { invocations } = (
    await lambdas.native('GET', `/invocations?functionId=${uuid}&outcome=CODING_FAILURE`)
  ).json<{ invocations: { stack: string }[] }>()
  expect(invocations[0]?.stack).toContain('index.ts:5:')
})

test('activities name the user and the change, and link to the two versions', async () => {
  const { uuid } = await lambdas.create(says('a'))
  await save(uuid, { code: says('b') })
  await lambdas.deploy(uuid)
  const { activities } = (await lambdas.native('GET', `/activities?functionId=${uuid}`)).json<{
    activities: object[]
  }>()
  expect(activities).toMatchObject([
    { activity: 'Lambda Update', description: 'Lambda deployed', actor: server.admin.user },
    { description: 'Code changed', fromVersion: 1, toVersion: 2 },
    { activity: 'Lambda Create' },
  ])
})

test('templates, sample payloads and schemas come with the events', async () => {
  const { events, noEvent } = (await lambdas.native('GET', '/function-events')).json<{
    events: { eventId: string; templates: unknown[] }[]
    noEvent: { templates: unknown[] }
  }>()
  const count = events.reduce((sum, { templates }) => sum + templates.length, 0)
  expect(count + noEvent.templates.length).toBe(20)

  for (const { eventId } of events) {
    const schemas = await lambdas.native('GET', `/function-events/${eventId}/schemas`)
    expect(schemas.json()).toEqual({
      payload: expect.any(Object),
      result: expect.any(Object),
    })
  }
  const transcript = 'denver_post_survey_email_transcript'
  const { payload, result } = (
    await lambdas.native('GET', `/function-events/${transcript}/schemas`)
  ).json<{ payload: { properties: object }; result: object }>()
  expect(Object.keys(payload.properties)).toContain('questionWithAnswers')
  expect(result).toMatchObject({ type: 'array', items: { properties: { targetEmail: {} } } })
  expect((await lambdas.native('GET', '/function-events/no-such/schemas')).status).toBe(404)
})

test('a function is renamed by PATCH: calls by its id go on, and the activity names both', async () => {
  const account = lambdasOf(server, await server.anotherAccount())
  const uuid = await account.deployed(says('same'), { name: 'before' })
  const other = await account.create(says('other'), { name: 'taken' })
  const patch = (body: object) => account.native('PATCH', `/functions/${uuid}`, body)

  const renamed = await patch({ name: 'after' })
  expect(renamed.status).toBe(200)
  expect(renamed.json()).toMatchObject({ name: 'after', version: 1, state: 'Productive' })
  expect((await account.invoke(uuid, {})).text).toBe('"same"')
  const listed = await account.call('GET', '/lambdas?v=1&userId=1&name=after')
  expect(listed.json()).toMatchObject([{ uuid, name: 'after' }])
  const environment = [{ key: 'COLOUR', value: 'red' }]
  await patch({ name: 'again', code: says('new'), environment })
  const { activities } = (await account.native('GET', '/activities')).json<{
    activities: object[]
  }>()
  expect(activities.slice(0, 2)).toMatchObject([
    {
      description: 'Lambda after renamed to again; Code changed; Environment changed',
      fromVersion: 1,
      toVersion: 2,
    },
    { description: 'Lambda before renamed to after' },
  ])

  const taken = await patch({ name: 'taken' })
  expect(taken.status).toBe(409)
  expect(taken.text).toContain('body.name')
  expect((await patch({ name: 'not a name' })).status).toBe(400)
  // Two of three renames at once must find the name taken.
  const rename = (id: string) => account.native('PATCH', `/functions/${id}`, { name: 'wanted' })
  const third = await account.create(says('third'))
  const all = await Promise.all([uuid, other.uuid, third.uuid].map(rename))
  expect(all.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([
    200, 409, 409,
  ])
})

test.each(['PUT', 'PATCH'])(
  'event and template cannot be changed by %s, which says so',
  async (method) => {
    const account = lambdasOf(server, await server.anotherAccount())
    const eventId = 'controllerbot_messaging_ttr'
    const { uuid } = await account.create(says('x'), { eventId })
    const change = (body: object) => account.native(method, `/functions/${uuid}`, body)
    for (const [member, value] of [
      ['eventId', 'controllerbot_messaging_conversation_end'],
      ['eventId', null],
      ['template', 'Keyword Scanner'],
    ] as const) {
      const refused = await change({ [member]: value })
      expect(refused.status).toBe(409)
      expect(refused.json()).toMatchObject({
        error: {
          code: 'function_identity_fixed',
          details: [
            {
              path: `body.${member}`,
              message: 'cannot be changed after the creation: create another function',
            },
          ],
        },
      })
    }
    expect((await change({ eventId, description: 'the same event' })).status).toBe(200)
  },
)
