import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Agent, type Dispatcher } from 'undici'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  anotherScene,
  openAgentSocket,
  openConsumerSocket,
  openWireSocket,
  type Scene,
  startTestServer,
  type TestServer,
  type WireSocket,
} from '#testing'
import { OPERATION_NAMES } from '#wire/messaging/requests'
import { type Asked, type Credential, givenAll, givenUser } from './every-credential.fixture.ts'
import { OPEN_TO_ALL, OWN_PROOF } from './open-routes.fixture.ts'
import { COLUMNS, RIGHTS, type RightsRow } from './rights-table.fixture.ts'
import { SOCKET_RIGHTS } from './socket-rights.fixture.ts'

// Every route and every request of the sockets with every kind of credential: new ones fail until they have a row in the table.

let server: TestServer
let scene: Scene
let agent: Agent
beforeAll(async () => {
  server = await startTestServer({ env: { PARLEY_OPERATOR_KEY: 'k'.repeat(32) } })
  scene = await anotherScene(server)
  agent = new Agent({ connections: 8 })
})
afterAll(async () => {
  await agent.destroy()
  await server[Symbol.asyncDispose]()
})

const RIGHTS_DOCUMENT = join(import.meta.dirname, '../../../../../docs/rights.md')

/** What an application may that an administrator has let use this scope: as much as one that has it by itself. */
const DELEGATED = '`faas.lambda.invoke`'

/** What a user with a profile may do by its role. */
const ROLE_OF: Record<string, string> = {
  'with `FaaS-Invocation`': 'agent',
  'with `FaaS-Developer`': 'agent manager',
  'with `FaaS-Admin`': 'agent manager',
}

/** The status, and what it said. A stream is left as soon as it begins. */
async function ask(
  asked: Asked,
  name: string,
  credential: Credential | undefined,
  { bodies }: Pick<RightsRow, 'bodies'> = {},
): Promise<{ status: number; text: string }> {
  const [method = '', pattern = ''] = name.split(' ')
  const path = pattern.replaceAll(/:(\w+)|\*/g, (_, one: string = '') => asked.known[one] ?? 'x')
  const takesBody = !['GET', 'HEAD', 'OPTIONS'].includes(method)
  const reply = await agent.request({
    origin: server.url,
    method: method as Dispatcher.HttpMethod,
    path,
    headers: {
      ...(credential && { authorization: credential(method, path) }),
      ...(takesBody && { 'content-type': 'application/json' }),
      cookie: asked.cookie,
      'x-lp-on-behalf': asked.consumerToken,
    },
    body: takesBody && bodies?.[name] !== undefined ? JSON.stringify(bodies[name]) : null,
  })
  if (String(reply.headers['content-type']).startsWith('text/event-stream')) {
    reply.body.on('error', () => undefined).destroy()
    return { status: reply.statusCode, text: '' }
  }
  return { status: reply.statusCode, text: await reply.body.text() }
}

/** Deletions come last: they may take away what other routes ask for. HEAD is served like GET. */
function routesOf(row: RightsRow): string[] {
  const rank = (name: string) => (['GET', 'HEAD'].includes(name.split(' ')[0] ?? '') ? 0 : 1)
  const heads = row.routes.filter(
    (name) => name.startsWith('GET ') && hasRoute(`HEAD ${name.slice(4)}`),
  )
  return [...row.routes, ...heads.map((name) => `HEAD ${name.slice(4)}`)].toSorted(
    (one, another) => rank(one) - rank(another),
  )
}

const mounted = () =>
  new Set(server.context.http.routes().map(({ method, path }) => `${method} ${path}`))
const hasRoute = (name: string) => mounted().has(name)

function signsOf(who: string): string[] {
  return who.match(/\S/g) ?? []
}

function marksOf({ who }: RightsRow): Map<string, string> {
  const marks = signsOf(who)
  expect(marks).toHaveLength(COLUMNS.length)
  return new Map(COLUMNS.map((column, at) => [column, marks[at] ?? '']))
}

function mayBe(marks: ReadonlyMap<string, string>, column: string): boolean {
  const role = ROLE_OF[column]
  return [column, ...(role ? [role] : [])].some((one) => marks.get(one) !== '-')
}

/** Whether this is the right answer to somebody who is no user and no program of the account. */
function isRefusal(row: RightsRow, who: string, status: number): boolean {
  if (row.consumers && who.startsWith('a consumer')) return isLetIn(status)
  return row.byCookie ? status >= 400 && status < 500 : status === 401
}

function isLetIn(status: number): boolean {
  return ![401, 403, 429].includes(status) && status < 500
}

test('every route has one row in the table of rights, and every row its route', () => {
  const listed = [...RIGHTS.flatMap(({ routes }) => routes), ...OPEN_TO_ALL, ...OWN_PROOF]
  const routes = [...mounted()].filter((name) => !name.startsWith('HEAD '))
  expect(listed.toSorted()).toEqual([...new Set(routes)].toSorted())
})

test('every route lets in whom the table of rights names, and nobody else', async () => {
  const asked = await givenAll(server, scene)
  const wrong: string[] = []
  const note = (name: string, who: string, said: { status: number; text: string }) =>
    wrong.push(`${name}: ${who} ${said.status} ${said.text.slice(0, 120)}`)
  const endsSession = (name: string) => /sessions\/current|\/logout/.test(name)
  const ends = (name: string) => endsSession(name) || name.startsWith('DELETE')
  const all = RIGHTS.flatMap((row) => routesOf(row).map((name) => ({ row, name }))).toSorted(
    (one, another) => Number(ends(one.name)) - Number(ends(another.name)),
  )
  for (const { row, name } of all) {
    const marks = marksOf(row)
    if (endsSession(name)) await asked.logInAgain()
    for (const [who, credential] of Object.entries(asked.strangers)) {
      const said = await ask(asked, name, credential, row)
      if (!isRefusal(row, who, said.status)) note(name, who, said)
    }
    if (row.who.startsWith('o')) {
      const said = await ask(asked, name, asked.stranger, row)
      const { conversationId = '', chatId = '' } = asked.known
      const isOne = /:(conversationId|chatId)/.test(name)
      const shows = said.text.includes(`"${conversationId}"`) || said.text.includes(`"${chatId}"`)
      if (isOne ? said.status < 400 : said.status >= 500 || shows) note(name, 'a stranger', said)
    }
    // Who may most comes first: what it ends, others find ended.
    for (const column of COLUMNS.toSorted((one) => (one === 'administrator' ? -1 : 1))) {
      const credential = asked.credentials[column]
      if (!credential) throw new Error(`Nobody for the column ${column}`)
      const said = await ask(asked, name, credential, row)
      const isRight = mayBe(marks, column) ? isLetIn(said.status) : said.status === 403
      if (!isRight) note(name, column, said)
    }
    const said = await ask(asked, name, asked.delegated, row)
    const isRight = mayBe(marks, DELEGATED) ? isLetIn(said.status) : said.status === 403
    if (!isRight) note(name, "an application with an administrator's consent", said)
  }
  expect(wrong).toEqual([])
})

test('what is open to all needs no credential, and what asks for a proof of its own takes no other', async () => {
  scene = await anotherScene(server)
  // While it is built its pages answer 503.
  await expect.poll(async () => (await server.request('GET', '/console')).status).toBe(200)
  const asked = await givenAll(server, scene)
  const wrong: string[] = []
  const everybody = { ...asked.strangers, ...asked.credentials }
  for (const [who, credential] of Object.entries(everybody)) {
    for (const name of OPEN_TO_ALL) {
      const { status, text } = await ask(asked, name, credential)
      if ([401, 403].includes(status) || status >= 500)
        wrong.push(`${name}: ${who} ${status} ${text}`)
    }
    for (const name of OWN_PROOF) {
      const { status, text } = await ask(asked, name, credential)
      if (status < 400 || status >= 500) wrong.push(`${name}: ${who} ${status} ${text}`)
    }
  }
  expect(wrong).toEqual([])
})

test('every request of the sockets is answered for whom the table of rights names, and refused for others', async () => {
  expect(SOCKET_RIGHTS.map(({ type }) => type)).toEqual(OPERATION_NAMES)
  const account = await anotherScene(server)
  scene = account
  const give = async (name: string, more: object) =>
    openAgentSocket(account, await givenUser(account, name, more))
  await using serving = await give('serving', { skillIds: ['1001'] })
  await using skilled = await give('skilled', { skillIds: ['1001'] })
  await using strange = await give('strange', { skillIds: ['1002'] })
  await using manager = await give('manager', { role: 'agent-manager' })
  await using consumer = await openConsumerSocket(account)
  await using another = await openConsumerSocket(account)
  await serving.goOnline()
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await serving.accept(conversationId)
  const file = { fileSize: 3, fileType: 'txt' }
  const { body: grant } = await consumer.request('ms.GenerateURLForUploadFile', file)
  const query = new URLSearchParams(grant.queryParams).toString()
  await account.request('PUT', `${grant.relativePath}?${query}`, { body: Buffer.from('abc') })
  const message = { caption: 'a', relativePath: grant.relativePath, fileType: 'txt', preview: '' }
  const event = { type: 'ContentEvent', contentType: 'hosted/file', message }
  await consumer.request('ms.PublishEvent', { dialogId: conversationId, event })

  const filled = (body: unknown) =>
    JSON.parse(
      JSON.stringify(body)
        .replaceAll('$c', conversationId)
        .replaceAll('$u', consumer.consumerId)
        .replaceAll('$f', grant.relativePath),
    ) as unknown
  const agents = [serving, skilled, strange, manager] as const
  const answered: Record<string, string> = {}
  for (const { type, body } of SOCKET_RIGHTS) {
    const markOf = async (socket: WireSocket, name: string) => {
      const { code } = await socket.request(name, filled(body))
      expect(code, `${type} is no failure`).toBeLessThan(500)
      return code < 400 ? 'x' : '-'
    }
    const ofAgents: string[] = []
    for (const socket of agents) ofAgents.push(await markOf(socket, `.ams.${type}`))
    const ofConsumers = [await markOf(consumer, type), await markOf(another, type)]
    answered[type] = `${ofAgents.join('')} ${ofConsumers.join('')}`
  }
  expect(answered).toEqual(Object.fromEntries(SOCKET_RIGHTS.map(({ type, who }) => [type, who])))
})

test('the socket of agents is for those who may handle conversations, of its account', async () => {
  scene = await anotherScene(server)
  const { credentials, strangers } = await givenAll(server, scene)
  const base = `${server.url.replace('http', 'ws')}/ws_api/account/${scene.accountId}/messaging/brand`
  const answered: Record<string, boolean> = {}
  for (const [who, credential] of Object.entries({ ...credentials, ...strangers })) {
    const token = credential?.('GET', '/').replace(/^\w+ /, '') ?? 'none'
    await using socket = await openWireSocket(`${base}/${encodeURIComponent(token)}?v=2.1`)
    // A socket that is closed answers nothing.
    const code = await socket.request('GetClock', {}).then(
      (answer) => answer.code,
      () => 0,
    )
    answered[who] = code === 200
  }
  const allowed = Object.keys(answered).filter((who) => answered[who])
  expect(allowed.toSorted()).toEqual(
    [
      'administrator',
      'agent',
      'agent manager',
      'with `FaaS-Admin`',
      'with `FaaS-Developer`',
      'with `FaaS-Invocation`',
    ].toSorted(),
  )
})

test('docs/rights.md shows the table of rights', () => {
  const [, table = ''] =
    /<!-- rights -->\n([^]*?)<!-- end of rights -->/.exec(readFileSync(RIGHTS_DOCUMENT, 'utf8')) ??
    []
  const rows = RIGHTS.map(({ what, who }) => `| ${[what, ...signsOf(who)].join(' | ')} |\n`)
  const head = `| what | ${COLUMNS.join(' | ')} |\n|---|${'---|'.repeat(COLUMNS.length)}\n`
  const socketRows = SOCKET_RIGHTS.map(
    ({ type, who }) => `| \`${type}\` | ${[...signsOf(who)].join(' | ')} |\n`,
  )
  const socketHead =
    '| request | agent who serves it | agent of its skill | agent of another skill | agent manager | its consumer | another consumer |\n' +
    '|---|---|---|---|---|---|---|\n'
  expect(table).toBe(`${head}${rows.join('')}\n${socketHead}${socketRows.join('')}`)
})
