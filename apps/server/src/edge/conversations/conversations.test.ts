import type { ConversationSummary, TimelineEntry, WholeConversation } from '@parley/contract'
import { login } from '@parley/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  anotherScene,
  call,
  givenFunction,
  openAgentSocket,
  openConsumerSocket,
  type Reply,
  type Scene,
  startTestServer,
  type TestServer,
} from '#testing'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

interface List {
  conversations: ConversationSummary[]
  next?: string
}
interface Timeline {
  entries: TimelineEntry[]
  next?: string
}

const get = (scene: Scene, path: string, bearer = scene.adminBearer): Promise<Reply> =>
  scene.request('GET', `/api/v1/accounts/${scene.accountId}/conversations${path}`, { bearer })

const WELCOME = 'controllerbot_messaging_new_conversation'

/** A conversation of skill 1001 that a function greeted, an agent served, moved to skill 1002 and closed. */
async function servedConversation(scene: Scene, words = 'my order is late') {
  await using consumer = await openConsumerSocket(scene)
  await using agent = await openAgentSocket(scene, scene.agents[0]!)
  await agent.goOnline()
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await consumer.message(conversationId, ({ role }) => role === 'CONTROLLER')
  await agent.accept(conversationId)
  await scene.clock.advance(1_000)
  await consumer.say(conversationId, words)
  await agent.request('.ams.ms.PublishEvent', {
    dialogId: conversationId,
    event: { type: 'ContentEvent', contentType: 'text/plain', message: 'for colleagues' },
    messageAudience: 'AGENTS_AND_MANAGERS',
  })
  await scene.clock.advance(1_000)
  await agent.update(conversationId, { field: 'Skill', type: 'UPDATE', skill: '1002' })
  await agent.update(conversationId, {
    field: 'ConversationStateField',
    conversationState: 'CLOSE',
  })
  // The automatic message of the end is the last entry.
  await consumer.message(conversationId, ({ text }) => text?.includes('ended') ?? false)
  return { conversationId, consumerId: consumer.consumerId, agentId: agent.userId }
}

async function greetedScene(): Promise<Scene> {
  const scene = await anotherScene(server)
  const hello = `callback(null, { type: 'systemMessage', text: 'Hello from a function' })`
  await givenFunction(scene, WELCOME, hello)
  return scene
}

test('a timeline shows what happened, what was said and what ran', async () => {
  const scene = await greetedScene()
  const { conversationId, consumerId, agentId } = await servedConversation(scene)
  const { entries, next } = (await get(scene, `/${conversationId}/timeline`)).json<Timeline>()
  expect(next).toBeUndefined()
  expect(entries.map(({ at }) => at)).toEqual(entries.map(({ at }) => at).toSorted())

  const events = entries.filter((entry) => entry.kind === 'event')
  expect(events[0]).toMatchObject({ type: 'opened' })
  expect(events.map(({ type }) => type)).toEqual(
    expect.arrayContaining([
      'opened',
      'dialog-opened',
      'joined',
      'skill',
      'dialog-closed',
      'closed',
    ]),
  )
  expect(events).toContainEqual(expect.objectContaining({ type: 'joined', userId: agentId }))
  expect(events).toContainEqual(
    expect.objectContaining({ type: 'skill', from: '1001', to: '1002' }),
  )
  const messages = entries.filter((entry) => entry.kind === 'message')
  expect(messages).toContainEqual(
    expect.objectContaining({
      dialogId: conversationId,
      by: { id: consumerId, role: 'CONSUMER' },
      audience: 'ALL',
      event: expect.objectContaining({ type: 'ContentEvent', message: 'my order is late' }),
    }),
  )
  expect(messages).toContainEqual(
    expect.objectContaining({
      audience: 'AGENTS_AND_MANAGERS',
      event: expect.objectContaining({ message: 'for colleagues' }),
    }),
  )
  const runs = entries.filter((entry) => entry.kind === 'run')
  expect(runs).toMatchObject([
    {
      run: {
        conversationId,
        eventId: WELCOME,
        outcome: 'SUCCEEDED',
        commands: [{ type: 'systemMessage', applied: true }],
        input: { payload: { general: { convId: conversationId } } },
        result: { text: 'Hello from a function' },
      },
    },
  ])
  // The text of the function names the run that said it; that of the end was said by none.
  const automatic = messages.filter(({ by }) => by.role === 'CONTROLLER')
  expect(automatic[0]).toMatchObject({
    event: { message: 'Hello from a function' },
    cause: { invocationId: runs[0]?.run.invocationId, isDefault: false },
  })
  expect(automatic.at(-1)?.cause).toMatchObject({ isDefault: true })
  // The ring was accepted before its time.
  expect(events).toContainEqual(
    expect.objectContaining({ type: 'timer-cancelled', timer: 'ring', dueAt: expect.any(String) }),
  )
})

test('timers stand in the timeline when they are set, when they fire, and when they are not needed', async () => {
  const scene = await anotherScene(server)
  await call(scene, 'PATCH', 'settings', { messaging: { autoCloseMs: 25 * 60_000 } })
  await using consumer = await openConsumerSocket(scene)
  await using agent = await openAgentSocket(scene, scene.agents[0]!)
  await agent.goOnline()
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await agent.accept(conversationId)
  const timers = async (name: string) => {
    const { entries } = (await get(scene, `/${conversationId}/timeline`)).json<Timeline>()
    return entries.flatMap((entry) =>
      entry.kind === 'event' && entry.timer === name ? [`${entry.type} ${entry.dueAt}`] : [],
    )
  }
  await agent.say(conversationId, 'are you there?')
  const dueAt = new Date(scene.clock.now() + 25 * 60_000).toISOString()
  expect(await timers('auto-close')).toEqual([`timer-set ${dueAt}`])
  await scene.clock.advance(25 * 60_000)
  await expect
    .poll(() => timers('auto-close'))
    .toEqual([`timer-set ${dueAt}`, `timer-fired ${dueAt}`])
  expect((await timers('ring')).map((text) => text.split(' ')[0])).toEqual([
    'timer-set',
    'timer-cancelled',
  ])
})

test.each([1, 2, 3, 7])('pages of %d hold every entry once, in one order', async (limit) => {
  const scene = await greetedScene()
  const { conversationId } = await servedConversation(scene)
  const read = async (query: string) =>
    (await get(scene, `/${conversationId}/timeline?${query}`)).json<Timeline>()
  const { entries: all } = await read('')
  const paged: TimelineEntry[] = []
  for (let after = ''; ;) {
    const page = await read(`limit=${limit}&after=${after}`)
    expect(page.entries.length).toBeLessThanOrEqual(limit)
    paged.push(...page.entries)
    if (page.next === undefined) break
    after = page.next
  }
  expect(paged).toEqual(all)
})

test('a timeline is filtered by kind and by time', async () => {
  const scene = await greetedScene()
  const { conversationId } = await servedConversation(scene)
  const read = async (query: string) =>
    (await get(scene, `/${conversationId}/timeline?${query}`)).json<Timeline>().entries
  const all = await read('')
  const kinds = (entries: TimelineEntry[]) => [...new Set(entries.map(({ kind }) => kind))]
  expect(kinds(await read('kind=message'))).toEqual(['message'])
  expect(kinds(await read('kind=run&kind=event')).toSorted()).toEqual(['event', 'run'])
  const middle = all.find((entry) => entry.kind === 'event' && entry.to === '1002')!.at
  const [before, since] = [await read(`to=${middle}`), await read(`from=${middle}`)]
  expect(before.length).toBeGreaterThan(0)
  expect(since.length).toBeGreaterThan(0)
  expect([...before, ...since]).toEqual(all)
  expect((await get(scene, `/${conversationId}/timeline?kind=nothing`)).status).toBe(400)
  for (const after of ['x', '1.run.x', '1.event', '%', '1.message.%25E0.1']) {
    const refused = await get(scene, `/${conversationId}/timeline?after=${after}`)
    expect(refused.status).toBe(400)
    expect(refused.text).toContain('query.after')
  }
})

test('one conversation is read whole', async () => {
  const scene = await greetedScene()
  const { conversationId, consumerId, agentId } = await servedConversation(scene)
  const whole = (await get(scene, `/${conversationId}`)).json<WholeConversation>()
  expect(whole).toMatchObject({
    conversationId,
    consumerId,
    state: 'CLOSE',
    skillId: '1002',
    closedBy: 'AGENT',
    runs: { total: 1, failed: 0 },
    dialogs: [{ dialogId: conversationId, type: 'MAIN', state: 'CLOSE', closedBy: 'AGENT' }],
    ttr: { ttrType: 'NORMAL' },
  })
  expect(whole.dialogs[0]?.participants).toContainEqual(
    expect.objectContaining({ userId: consumerId, role: 'CONSUMER' }),
  )
  expect(agentId).toBeTruthy()
  expect((await get(scene, '/no-such-conversation')).status).toBe(404)
})

test('conversations are listed newest first, page by page, and filtered', async () => {
  const scene = await greetedScene()
  const first = await servedConversation(scene, 'the first has 100% of it')
  await scene.clock.advance(60_000)
  const between = new Date(scene.clock.now()).toISOString()
  await scene.clock.advance(60_000)
  await using consumer = await openConsumerSocket(scene)
  const open = await consumer.openConversation({ skillId: '1001' })
  await consumer.message(open, ({ role }) => role === 'CONTROLLER')
  await consumer.say(open, 'still waiting')
  const ids = async (query: string) => {
    const reply = await get(scene, `?${query}`)
    expect(reply.text.slice(0, 200)).toContain('conversations')
    return reply.json<List>().conversations.map(({ conversationId }) => conversationId)
  }
  const both = [open, first.conversationId]
  expect(await ids('')).toEqual(both)
  expect(await ids('state=OPEN')).toEqual([open])
  expect(await ids('state=CLOSE')).toEqual([first.conversationId])
  expect(await ids('skillId=1002')).toEqual([first.conversationId])
  expect(await ids('skillId=1001&skillId=1002')).toEqual(both)
  expect(await ids(`agentId=${first.agentId}`)).toEqual([first.conversationId])
  expect(await ids(`consumerId=${consumer.consumerId}`)).toEqual([open])
  expect(await ids('text=100%25')).toEqual([first.conversationId])
  expect(await ids('text=WAITING')).toEqual([open])
  expect(await ids(`from=${between}`)).toEqual([open])
  expect(await ids(`to=${between}`)).toEqual([first.conversationId])
  const page = (await get(scene, '?limit=1')).json<List>()
  expect(page.conversations).toMatchObject([
    {
      conversationId: open,
      state: 'OPEN',
      waitingSince: expect.any(String),
      lastMessage: { by: { role: 'CONSUMER' }, event: { message: 'still waiting' } },
      runs: { total: 1, failed: 0 },
    },
  ])
  expect(page.conversations[0]?.timers.length).toBeGreaterThan(0)
  const behind = (await get(scene, `?limit=1&after=${page.next}`)).json<List>()
  expect(behind.conversations).toMatchObject([
    { conversationId: first.conversationId, runs: { total: 1, failed: 0 } },
  ])
  expect(behind.next).toBeUndefined()
  expect((await get(scene, '?limit=0')).status).toBe(400)
  expect((await get(scene, '?after=x.y.z')).status).toBe(400)
  expect((await get(await anotherScene(server), '')).json<List>().conversations).toEqual([])
})

test('failed runs are counted', async () => {
  const scene = await anotherScene(server)
  await givenFunction(scene, WELCOME, `callback(new Error('no'))`)
  await using consumer = await openConsumerSocket(scene)
  await consumer.openConversation()
  const failed = async () => (await get(scene, '')).json<List>().conversations[0]?.runs?.failed
  await expect.poll(failed).toBeGreaterThan(0)
})

test('an agent sees conversations of its skills and its own, and of runs without the right to logs only name, time and outcome', async () => {
  const scene = await greetedScene()
  const first = await servedConversation(scene)
  await using consumer = await openConsumerSocket(scene)
  const open = await consumer.openConversation({ skillId: '1001' })
  await consumer.message(open, ({ role }) => role === 'CONTROLLER')
  const user = { loginName: 'new@example.org', password: 'a long enough password' }
  const made = await call<{ userId: string }>(scene, 'POST', 'users', {
    ...user,
    role: 'agent',
    skillIds: ['1002'],
  })
  const { bearer } = await login(scene, { user: user.loginName, password: user.password })
  const listed = (await get(scene, '', bearer)).json<List>().conversations
  expect(listed).toMatchObject([{ conversationId: first.conversationId }])
  expect(listed[0]).not.toHaveProperty('runs')
  expect((await get(scene, `/${open}`, bearer)).status).toBe(404)
  expect((await get(scene, `/${open}/timeline`, bearer)).status).toBe(404)

  const timeline = await get(scene, `/${first.conversationId}/timeline`, bearer)
  const kinds = new Set(timeline.json<Timeline>().entries.map(({ kind }) => kind))
  expect([...kinds].toSorted()).toEqual(['event', 'message'])
  const runs = await get(scene, `/${first.conversationId}/timeline?kind=run`, bearer)
  expect(runs.status).toBe(403)

  const own = `/${first.conversationId}/runs`
  const { runs: seen } = (await get(scene, own, bearer)).json<{ runs: object[] }>()
  expect(seen).toEqual([
    {
      recordId: expect.any(String),
      functionName: expect.any(String),
      startedAt: expect.any(String),
      outcome: 'SUCCEEDED',
    },
  ])
  expect((await get(scene, `/${open}/runs`, bearer)).status).toBe(404)

  // Another account's object is not found, and who served a conversation goes on seeing it.
  const elsewhere = await anotherScene(server)
  expect((await get(elsewhere, `/${open}`)).status).toBe(404)
  expect((await get(scene, '', 'nobody')).status).toBe(401)
  expect(made.userId).toBeTruthy()
})
