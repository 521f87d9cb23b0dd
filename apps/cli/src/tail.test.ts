import { mkdtempSync, rmSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { login, openConsumer, request, type Session } from '@parley/client'
import { expect, onTestFinished, test } from 'vitest'
import {
  call,
  lambdasOf,
  openTcpProxy,
  startTestServer,
  type TestServer,
} from '../../server/testing/index.ts'
import { commandLineOf } from './command-line.fixture.ts'
import type { Activity, ActivityFilter } from './tail/activity.ts'
import { watchActivity } from './tail/watch-activity.ts'

/** What `parley tail` shows of everything, from now on. */
async function watched(session: Session, filter: ActivityFilter = {}) {
  const shown: Activity[] = []
  const notes: string[] = []
  const stopping = new AbortController()
  const ready = Promise.withResolvers<void>()
  const watching = watchActivity(async () => session, {
    filter,
    signal: stopping.signal,
    show: (activity) => void shown.push(activity),
    note: (text) => void notes.push(text),
    ready: ready.resolve,
  })
  await Promise.race([ready.promise, watching])
  return {
    shown,
    notes,
    stop() {
      stopping.abort()
      return watching
    },
  }
}

test('what happens while the connection is lost is shown afterwards, and nothing twice', async () => {
  await using server = await startTestServer()
  using proxy = await openTcpProxy(() => createConnection(server.port, '127.0.0.1'))
  const session = await login(
    { url: `http://127.0.0.1:${proxy.port}`, accountId: server.accountId },
    server.admin,
  )
  using consumer = await openConsumer({ url: server.url, accountId: server.accountId })
  const former = await consumer.openConversation('1001')
  await consumer.say(former, 'before')
  const { shown, notes, stop } = await watched(session)
  const texts = () =>
    shown.flatMap(({ entry }) =>
      entry.kind === 'message' && 'message' in entry.event ? [entry.event['message']] : [],
    )

  // The clock stands still: only the place in the dialog tells new from old.
  await consumer.say(former, 'one')
  await expect.poll(texts).toContain('one')
  proxy.close()
  await expect.poll(() => notes).toEqual(['connection lost, trying again'])
  await consumer.say(former, 'two')
  await consumer.close(former)
  const next = await consumer.openConversation('1001')
  await consumer.say(next, 'three')
  await proxy.open()

  await expect.poll(texts).toContain('three')
  await expect.poll(() => notes).toEqual(['connection lost, trying again', 'connected again'])
  await expect.poll(texts).toContain('two')
  const said = texts().filter((text) => ['before', 'one', 'two', 'three'].includes(String(text)))
  // Two conversations at one instant have no order between them.
  expect(said.filter((text) => text !== 'three')).toEqual(['one', 'two'])
  expect(said.filter((text) => text === 'three')).toEqual(['three'])
  const closed = shown.filter(({ entry }) => entry.kind === 'event' && entry.type === 'closed')
  expect(closed).toMatchObject([{ conversationId: former }])
  await stop()
})

test('runs without a conversation are shown, once, and so are those of live chats', async () => {
  await using server = await startTestServer()
  const { accountId, admin } = server
  using proxy = await openTcpProxy(() => createConnection(server.port, '127.0.0.1'))
  const session = await login({ url: `http://127.0.0.1:${proxy.port}`, accountId }, admin)
  const lambdas = lambdasOf(server)
  const code = 'const lambda = () => undefined'
  const direct = await lambdas.deployed(code)
  const ofChats = await lambdas.deployed(code, { eventId: 'denver_post_survey_email_transcript' })
  const run = async () => {
    const reply = await lambdas.native('POST', `/functions/${direct}/test`, { payload: {} })
    return reply.json<{ recordId: string }>().recordId
  }
  await run()
  const { shown, notes, stop } = await watched(session)
  const runs = () => shown.flatMap(({ entry }) => (entry.kind === 'run' ? [entry.run] : []))
  const ids = () => runs().map(({ recordId }) => recordId)

  const told = [await run()]
  await expect.poll(ids).toEqual(told)
  proxy.close()
  await expect.poll(() => notes).toEqual(['connection lost, trying again'])
  told.push(await run(), await run())
  await proxy.open()
  await expect.poll(ids).toEqual(told)

  const { chatId, rate } = await startChat(server)
  await rate()
  await expect
    .poll(() => runs().filter(({ functionId }) => functionId === ofChats))
    .toMatchObject([{ conversationId: chatId }])
  expect(ids().slice(0, 3)).toEqual(told)
  await stop()
})

/** A chat that an agent serves; its consumer ends it with a bad rating. */
async function startChat(server: TestServer) {
  const { url, accountId } = server
  const survey = { questions: [{ questionId: 'why', kind: 'text', text: 'Why?' }] }
  await call(server, 'PUT', 'chat-settings', { survey })
  const { bearer } = await login(server, server.agents[0]!)
  const post = (path: string, more: object) =>
    request(url, { method: 'POST', path: `/api/v1/accounts/${accountId}${path}`, ...more })
  const wish = { skillId: '1001', name: 'Ada', email: 'ada@example.com', text: 'Hello' }
  const started = await post('/consumer/chats', { body: wish })
  const { chat, token } = started as { chat: { chatId: string }; token: string }
  const { chatId } = chat
  await post(`/chats/${chatId}/accept`, { bearer })
  return {
    chatId,
    async rate() {
      await post(`/consumer/chats/${chatId}/end`, { bearer: token })
      await post(`/consumer/chats/${chatId}/survey`, { bearer: token, body: { csatRank: 2 } })
      await server.clock.advance(0)
    },
  }
}

test('more runs and lines than are read at once are all shown after the connection was lost', async () => {
  await using server = await startTestServer()
  const { accountId, admin } = server
  using proxy = await openTcpProxy(() => createConnection(server.port, '127.0.0.1'))
  const session = await login({ url: `http://127.0.0.1:${proxy.port}`, accountId }, admin)
  const lambdas = lambdasOf(server)
  const uuid = await lambdas.deployed('const lambda = () => console.info("ran")')
  const { shown, notes, stop } = await watched(session)

  proxy.close()
  await expect.poll(() => notes).toEqual(['connection lost, trying again'])
  for (let done = 0; done < 1_100; done += 20) {
    const replies = await Promise.all(Array.from({ length: 20 }, () => lambdas.invoke(uuid, 1)))
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]))
  }
  // What is written only later comes while it is written.
  await lambdas.native('GET', '/logs?limit=1')
  await proxy.open()

  for (const kind of ['run', 'log'] as const) {
    const ids = () =>
      shown.flatMap(({ entry }) => {
        if (entry.kind !== kind) return []
        return 'run' in entry ? entry.run.recordId : 'log' in entry ? entry.log.recordId : []
      })
    await expect.poll(() => ids().length).toBe(1_100)
    expect(new Set(ids()).size).toBe(1_100)
  }
  await stop()
})

test('one live chat is watched by its id, as a conversation is, and an unknown id is refused', async () => {
  await using server = await startTestServer()
  const session = await login(server, server.admin)
  const lambdas = lambdasOf(server)
  const code = 'const lambda = () => console.info("asked")'
  const eventId = 'denver_post_survey_email_transcript'
  const functionId = await lambdas.deployed(code, { eventId })
  await expect(watched(session, { conversationId: 'unknown' })).rejects.toThrow('unknown')
  const other = await startChat(server)
  const { chatId, rate } = await startChat(server)
  const { shown, stop } = await watched(session, { conversationId: chatId })

  await other.rate()
  await rate()

  const kinds = () => shown.map(({ entry }) => entry.kind).toSorted()
  await expect.poll(kinds).toEqual(['log', 'run'])
  expect(shown.every(({ conversationId }) => conversationId === chatId)).toBe(true)
  expect(shown.find(({ entry }) => entry.kind === 'run')).toMatchObject({
    entry: { run: { functionId } },
  })
  await stop()
})

test('who watches or follows is told when the session has ended, and nobody tries again for ever', async () => {
  await using server = await startTestServer()
  const home = mkdtempSync(join(tmpdir(), 'parley-tail-'))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  const { start, parley } = commandLineOf(home)
  const { url, accountId, admin } = server
  const words = ['login', '--url', url, '--account', accountId, '--user', admin.user]
  expect(await parley(words, `${admin.password}\n`)).toMatchObject({ code: 0 })
  const lambdas = lambdasOf(server)
  const functionId = await lambdas.deployed('const lambda = () => console.info("said")')
  await lambdas.native('POST', `/functions/${functionId}/test`, { payload: {}, keepLogs: true })
  const watching = start(['tail'])
  const following = start(['logs', '--follow'])
  onTestFinished(() => void [watching, following].map(({ child }) => child.kill('SIGKILL')))
  await expect.poll(() => watching.ran.stderr).toContain('Watching')
  await expect.poll(() => following.ran.stdout).toContain('said')

  const { userId } = await login(server, admin)
  await call<void>(server, 'DELETE', `users/${userId}/sessions`)

  for (const { ended } of [watching, following]) {
    expect(await ended).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /The token is wrong or has expired: log in with parley login\n$/,
      ),
    })
  }
})
