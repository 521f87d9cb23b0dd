import { EVENTS, NO_EVENT } from '@parley/contract/events'
import type { Kysely } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Lambdas, lambdasOf, startTestServer, type TestServer } from '#testing'
import { up } from '../../base/store/migrations/149-samples-of-events.ts'

const NEW = 'controllerbot_messaging_new_conversation'

let server: TestServer
let account: Lambdas
beforeAll(async () => {
  server = await startTestServer()
  account = lambdasOf(server)
})
afterAll(() => server[Symbol.asyncDispose]())

interface Warning {
  rule: string
  message: string
  line?: number
  column?: number
}

async function warningsOf(code: string, eventId?: string, language?: string): Promise<Warning[]> {
  const reply = await account.native('POST', '/source-checks', { code, eventId, language })
  expect(reply.status).toBe(200)
  const { problems, warnings } = reply.json<{ problems: Warning[]; warnings: Warning[] }>()
  expect(problems).toEqual([])
  return warnings
}

const TYPO = "Property 'convID' does not exist on type 'PayloadGeneral'. Did you mean 'convId'?"

test.each([
  [
    'a function with a name',
    'export function lambda(input) {\n  return input.payload.general.convID\n}',
  ],
  ['a pattern', 'export async function lambda({ payload }) {\n  return payload.general.convID\n}'],
  [
    'an arrow function',
    'export const lambda = async (input) => {\n  return input.payload.general.convID\n}',
  ],
  [
    'JavaScript that asks for it',
    '// @ts-check\nfunction lambda(input, callback) { callback(null, input.payload.general.convID) }',
  ],
  [
    'JavaScript that is exported',
    '// @ts-check\nmodule.exports = (input, callback) => callback(null, input.payload.general.convID)',
  ],
])('%s is checked against the payload of its event', async (_what, code) => {
  const language = code.startsWith('export') ? 'typescript' : 'javascript'
  const line = 2
  const column = (code.split('\n')[1] ?? '').indexOf('convID') + 1

  expect(await warningsOf(code, NEW, language)).toMatchObject([
    { rule: 'type', message: expect.stringContaining(TYPO), line, column },
  ])
  expect(await warningsOf(code, undefined, language)).toEqual([])
  expect(await warningsOf(code.replace('convID', 'convId'), NEW, language)).toEqual([])
})

test('types that an author has written must fit the payload of the event', async () => {
  const code = (type: string) =>
    `export async function lambda({ payload }: { payload: ${type} }) {\n  return payload\n}`

  expect(await warningsOf(code('{ name: string }'), NEW)).toMatchObject([
    {
      rule: 'type',
      message: expect.stringMatching(/^The function does not take what it is given: .*'name'/),
      line: 1,
      column: 30,
    },
  ])
  expect(await warningsOf(code('{ general: { convId: string } }'), NEW)).toEqual([])
  expect(await warningsOf(code('any'), NEW)).toEqual([])
  expect(await warningsOf(code('{ name: string }'))).toEqual([])
})

test('a field that may be absent is not taken for granted', async () => {
  const code = `export const lambda = (input) => input.payload.end.closeReason.toLowerCase()`
  expect(await warningsOf(code, NEW, 'typescript')).toMatchObject([
    { message: expect.stringContaining("'input.payload.end.closeReason' is possibly 'undefined'") },
  ])
})

test('saving and deploying check against the event of the function', async () => {
  const code = `export const lambda = (input) => input.payload.general.convID`
  const draft = {
    name: `f_${crypto.randomUUID().slice(0, 8)}`,
    description: 'x',
    eventId: NEW,
    code,
  }
  const saved = await account.native('POST', '/functions', { ...draft, language: 'typescript' })
  const { functionId, warnings } = saved.json<{ functionId: string; warnings: Warning[] }>()
  expect(warnings).toMatchObject([{ message: expect.stringContaining(TYPO) }])
  await account.native('PATCH', '/settings', { typesCheckedAtDeployment: true })
  const refused = await account.native('PUT', `/functions/${functionId}/deployment`)
  await account.native('PATCH', '/settings', { typesCheckedAtDeployment: false })
  expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('convID')])
})

test('what a source finds around it is told to editors, with what it means', async () => {
  const typesOf = async (query: string) => {
    const reply = await account.native('GET', `/source-types${query}`)
    expect(reply.status).toBe(200)
    const { files } = reply.json<{ files: { name: string; text: string }[] }>()
    return Object.fromEntries(files.map(({ name, text }) => [name, text]))
  }
  const ofEvent = await typesOf(`?eventId=${NEW}`)
  expect(ofEvent['globals.d.ts']).toContain('/** The id of the conversation */ convId: string')
  expect(ofEvent['globals.d.ts']).toMatch(
    /A consumer has opened a messaging conversation.*payload: Payload$/m,
  )
  expect(ofEvent['toolbelt.d.ts']).toContain('The secret as it is now; never cached.')
  const ofNone = await typesOf('')
  expect(ofNone['globals.d.ts']).toContain('payload: any')
})

const templates = [...EVENTS, { ...NO_EVENT, id: undefined }].flatMap(({ id, templates: all }) =>
  all.map(({ name, code }) => [name, id, code] as const),
)

test.each(templates)('the template %s fits its event', async (_name, eventId, code) => {
  const warnings = await warningsOf(`// @ts-check\n${code}`, eventId)
  expect(warnings.filter(({ message }) => !message.includes('notDefinedAnywhere'))).toEqual([])
})

test('the sample of a function stands in the order of its event, for the editor and for lpf', async () => {
  const { events } = (await account.native('GET', '/function-events')).json<{
    events: { eventId: string; samplePayload: object }[]
  }>()
  const eventId = 'controllerbot_messaging_participants_change'
  const sample = events.find((event) => event.eventId === eventId)?.samplePayload
  const { uuid } = await account.create('const lambda = () => 1', { eventId })

  const own = (await account.native('GET', `/functions/${uuid}`)).json<{ samplePayload: object }>()
  const [lambda] = (await account.call('GET', `/lambdas/${uuid}?v=1`)).json<
    { samplePayload: object }[]
  >()
  const inOrder = JSON.stringify(sample)
  expect(JSON.stringify(own.samplePayload)).toBe(inOrder)
  expect(JSON.stringify(lambda?.samplePayload)).toBe(inOrder)
})

test('a function made before the sample of its event has changed shows the one of today; one that it was given stays', async () => {
  const eventId = 'bot_connectors_pre_hook'
  const [made, given] = await Promise.all(
    ['made', 'given'].map((name) =>
      account.create('const lambda = () => 1', {
        name,
        eventId,
        ...(name === 'given' && { samplePayload: { headers: [], payload: { mine: 1 } } }),
      }),
    ),
  )
  const { db } = server.context.store
  const before = {
    message: 'Hello, where is my order?',
    convId: 'c840e51e-5f65-4ad4-8d34-5c82b99a2200',
    context: {
      lpEvent: {
        type: 'ContentEvent',
        contentType: 'text/plain',
        message: 'Hello, where is my order?',
        conversationContext: { skillId: '563267', type: 'MESSAGING' },
      },
      lpSdes: { unauthenticatedSdes: {}, authenticatedSdes: {} },
    },
  }
  const samplePayload = { headers: [], payload: before }
  await db.updateTable('function').set({ samplePayload }).where('name', '=', 'made').execute()

  await up(db as unknown as Kysely<unknown>)

  const shown = async (path: string) => (await account.native('GET', path)).json<Shown>()
  const { events } = (await account.native('GET', '/function-events')).json<{ events: Shown[] }>()
  const today = events.find((event) => event.eventId === eventId)?.samplePayload
  expect((await shown(`/functions/${made?.uuid}`)).samplePayload).toEqual(today)
  expect((await shown(`/functions/${given?.uuid}`)).samplePayload.payload).toEqual({ mine: 1 })
  // What is sent back as it was read is none of its own.
  const { version } = (await account.native('GET', `/functions/${given?.uuid}`)).json<Shown>()
  await account.native('PATCH', `/functions/${given?.uuid}`, { version, samplePayload: today })
  const stored = db.selectFrom('function').select('samplePayload').where('eventId', '=', eventId)
  expect(await stored.execute()).toEqual([
    { samplePayload: { headers: [], payload: {} } },
    { samplePayload: { headers: [], payload: {} } },
  ])
})

interface Shown {
  eventId?: string
  version?: number
  samplePayload: { payload: object }
}

test('an empty sample that a function is given is kept, for the editor and for lpf, whatever its event has', async () => {
  const empty = { headers: [], payload: {} }
  const more = { eventId: 'controllerbot_messaging_new_conversation', samplePayload: empty }
  const { uuid } = await account.create('const lambda = () => 1', more)
  const shown = async () => (await account.native('GET', `/functions/${uuid}`)).json<Shown>()
  expect((await shown()).samplePayload).toEqual(empty)

  const change = { version: (await shown()).version, description: 'changed' }
  await account.native('PATCH', `/functions/${uuid}`, change)
  const published = await account.call('GET', `/lambdas/${uuid}?v=1`)
  expect(published.json()).toMatchObject([{ description: 'changed', samplePayload: empty }])

  const { uuid: plain } = await account.create('const lambda = () => 1', {
    eventId: more.eventId,
  })
  const { version } = await shown()
  const { samplePayload } = (await account.native('GET', `/functions/${plain}`)).json<Shown>()
  await account.native('PATCH', `/functions/${uuid}`, { version, samplePayload })
  await account.native('PATCH', `/functions/${uuid}`, { samplePayload: empty })
  expect((await shown()).samplePayload).toEqual(empty)
})
