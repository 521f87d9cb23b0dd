import type { ChatTimelineEntry, ConversationSummary, readChatTimeline } from '@parley/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type * as z from 'zod'
import {
  anotherScene,
  call,
  liveChatAccount,
  openConsumerSocket,
  openMailOutbox,
  type Scene,
  type TestMailOutbox,
} from '#testing'

type Timeline = z.output<typeof readChatTimeline.reply>
type Mail = Extract<ChatTimelineEntry, { kind: 'mail' }>['mail']
interface List {
  conversations: ConversationSummary[]
  next?: string
}

const EVENT = 'denver_post_survey_email_transcript'
const DAY = 86_400_000

let outbox: TestMailOutbox
beforeAll(async () => {
  outbox = await openMailOutbox()
})
afterAll(() => outbox[Symbol.asyncDispose]())

const mailTo = (name: string, senderEmail = 'noreply@example.com') => ({
  targetEmail: `${name}@example.com`,
  senderName: 'Shop',
  senderEmail,
  subject: `Your chat, ${name}`,
})

/** A chat that John gave to Jane, rated 2, whose function asks for a mail of each fate and for one that is none. */
async function ratedChat() {
  const { account, server, smtp } = outbox
  smtp.treat = ({ to }) => {
    if (to.startsWith('refused')) return { receiver: 550, answer: '5.1.1 no such user' }
    return to.startsWith('later') ? { content: 451, answer: '4.3.0 later' } : 'accept'
  }
  const mails = [mailTo('sent'), mailTo('later'), mailTo('refused'), mailTo('held', 'x@else.org')]
  const returned = JSON.stringify([...mails, { subject: 'for nobody' }])
  await account.deploy(
    'transcripts',
    `function lambda(i, callback) { callback(null, ${returned}) }`,
  )
  const chat = await account.accepted({ name: 'Ada', email: 'ada@example.com', text: 'Hello' })
  const path = `/chats/${chat.chatId}`
  await account.john('POST', `${path}/lines`, { text: 'How can I help?' })
  await account.john('POST', `${path}/transfer`, { agentId: account.janeId })
  await account.jane('POST', `${path}/accept`)
  await chat.consumer('POST', '/end')
  const answers = [{ questionId: 'experience', answer: ['Poor'] }]
  const submitted = await chat.consumer('POST', '/survey', { csatRank: 2, answers })
  expect(submitted.status).toBe(201)
  await server.clock.advance(0)
  return { ...chat, timeline: `${path}/timeline` }
}

const mailsOf = (entries: readonly ChatTimelineEntry[]): Mail[] =>
  entries.flatMap((entry) => (entry.kind === 'mail' ? [entry.mail] : []))
const statesOf = (entries: readonly ChatTimelineEntry[]) =>
  Object.fromEntries(
    mailsOf(entries).map(({ targetEmail, state }) => [targetEmail.split('@')[0], state]),
  )

test('the timeline of a live chat goes from its form to what became of each mail, and says which run asked for it', async () => {
  const { account, server } = outbox
  const { chatId, timeline } = await ratedChat()
  const read = async (query = '', ask = account.admin) =>
    (await ask('GET', `${timeline}?${query}`)).json<Timeline>()
  const { chat, timers, entries, next } = await read()
  expect(next).toBeUndefined()
  expect(timers).toEqual([])
  expect(chat).toMatchObject({ chatId, consumer: { name: 'Ada', email: 'ada@example.com' } })

  const told = entries.map((entry) => (entry.kind === 'entry' ? entry.entry.type : entry.kind))
  expect(told).toEqual([
    'started',
    'line',
    'accepted',
    'line',
    'transferred',
    'accepted',
    'ended',
    'survey',
    'run',
    'decision',
    'mail',
    'mail',
    'mail',
    'mail',
  ])
  expect(entries.find(({ kind }) => kind === 'survey')).toMatchObject({
    csatRank: 2,
    questionWithAnswers: [{ answer: 'Poor' }, { answer: '2' }],
  })
  const run = entries.flatMap((entry) => (entry.kind === 'run' ? [entry.run] : []))[0]
  expect(run).toMatchObject({
    functionName: 'transcripts',
    eventId: EVENT,
    conversationId: chatId,
    attempt: 1,
    outcome: 'SUCCEEDED',
  })
  const recordId = run?.recordId
  expect(entries.find(({ kind }) => kind === 'decision')).toMatchObject({
    decision: {
      by: 'functions',
      outcome: 'mails',
      leftOut: [{ position: 4, reason: expect.stringContaining('targetEmail'), recordId }],
    },
  })
  expect(mailsOf(entries)).toHaveLength(4)
  for (const mail of mailsOf(entries))
    expect(mail).toMatchObject({ source: 'transcripts', recordId })
  expect(statesOf(entries)).toEqual({
    sent: 'sent',
    later: 'deferred',
    refused: 'refused',
    held: 'held',
  })
  expect(mailsOf(entries).find(({ state }) => state === 'deferred')).toMatchObject({
    subject: 'Your chat, later',
    tries: 1,
    nextAttemptAt: expect.any(String),
    attempts: [{ outcome: 'deferred', answer: expect.stringContaining('later') }],
  })

  for (const limit of [1, 2, 3, 7]) {
    const paged: ChatTimelineEntry[] = []
    for (let after = ''; ;) {
      const page = await read(`limit=${limit}&after=${after}`)
      paged.push(...page.entries)
      if (page.next === undefined) break
      after = page.next
    }
    expect(paged).toEqual(entries)
  }
  const only = (await read('kind=mail&kind=decision')).entries.map(({ kind }) => kind)
  expect(new Set(only)).toEqual(new Set(['decision', 'mail']))
  for (const after of ['x', '1.mail.x', '1.started.2', '%']) {
    const refused = await account.admin('GET', `${timeline}?after=${after}`)
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('query.after')])
  }

  // Who served it sees it, but not what functions got; the others see nothing; every reading is noted.
  const kinds = new Set((await read('', account.john)).entries.map(({ kind }) => kind))
  expect([...kinds].toSorted()).toEqual(['decision', 'entry', 'mail', 'started', 'survey'])
  expect((await account.john('GET', `${timeline}?kind=run`)).status).toBe(403)
  const password = 'a long pass phrase'
  const base = `/api/v1/accounts/${account.accountId}`
  await account.admin('POST', '/users', { loginName: 'strange', password, skillIds: [] })
  const session = await server.request('POST', `${base}/sessions`, {
    body: { loginName: 'strange', password },
  })
  const { bearer } = session.json<{ bearer: string }>()
  expect((await server.request('GET', `${base}${timeline}`, { bearer })).status).toBe(404)
  const listed = await server.request('GET', `${base}/conversations?channel=all`, { bearer })
  expect(listed.json<List>().conversations).toEqual([])
  const audit = (await account.admin('GET', '/audit?action=chat-timeline.read')).text
  expect(audit).toContain('john')

  // Whoever is never answered gives up after two days.
  await server.clock.advance(3 * DAY)
  const later = await read('', await account.adminAgain())
  expect(statesOf(later.entries)).toMatchObject({ sent: 'sent', later: 'failed', held: 'held' })
})

test('without a function rules decide, and without a mail server mails are kept', async () => {
  await using kept = await openMailOutbox({ mailServer: false })
  const { chat } = await kept.send()
  const reply = await kept.account.admin('GET', `/chats/${chat.chatId}/timeline`)
  const { entries } = reply.json<Timeline>()
  expect(entries.slice(-2)).toMatchObject([
    { kind: 'decision', decision: { by: 'rules', sources: ['all'] } },
    { kind: 'mail', mail: { state: 'kept', source: 'all', tries: 1 } },
  ])
  expect(mailsOf(entries)[0]).not.toHaveProperty('recordId')
  expect((await kept.account.admin('GET', '/chats/no-such-chat/timeline')).status).toBe(404)
})

test('conversations and live chats are listed together, by channel, words, consumer, skill and state', async () => {
  const scene = await anotherScene(outbox.server)
  const started = async (wish: object) => {
    const body = { skillId: '1001', ...wish }
    const { chat } = await call<{ chat: { chatId: string } }>(scene, 'POST', 'consumer/chats', body)
    return chat.chatId
  }
  const first = await started({ name: 'Ada', email: 'ada@example.com', text: 'a red lamp' })
  await scene.clock.advance(1_000)
  await using consumer = await openConsumerSocket(scene)
  const conversation = await consumer.openConversation({ skillId: '1001' })
  await consumer.say(conversation, 'the red chair')
  // In the same instant as the conversation.
  const second = await started({ name: 'Bo', skillId: '1002', context: { visitorId: 'v-1' } })

  const ids = async (query: string) =>
    (await list(scene, query)).conversations.map(({ conversationId }) => conversationId)
  expect(await ids('')).toEqual([conversation])
  expect(await ids('channel=chat')).toEqual([second, first])
  expect(await ids('channel=all')).toEqual([conversation, second, first])
  expect(await ids('channel=all&text=RED')).toEqual([conversation, first])
  expect(await ids('channel=chat&consumerId=ADA')).toEqual([first])
  expect(await ids('channel=chat&consumerId=ada@example.com')).toEqual([first])
  expect(await ids('channel=all&consumerId=v-1')).toEqual([second])
  expect(await ids('channel=chat&skillId=1002')).toEqual([second])
  expect(await ids('channel=chat&state=CLOSE')).toEqual([])
  expect(await ids('channel=all&state=OPEN')).toHaveLength(3)
  expect((await list(scene, 'channel=chat')).conversations[1]).toMatchObject({
    channel: 'chat',
    consumerName: 'Ada',
    stage: 'OPEN',
    waitingSince: expect.any(String),
    lastMessage: { by: { role: 'CONSUMER' }, event: { message: 'a red lamp' } },
    runs: { total: 0, failed: 0 },
  })
  const paged: string[] = []
  for (let after = ''; ;) {
    const page = await list(scene, `channel=all&limit=1&after=${after}`)
    paged.push(...page.conversations.map(({ conversationId }) => conversationId))
    if (page.next === undefined) break
    after = page.next
  }
  expect(paged).toEqual([conversation, second, first])
})

test('an agent lists the live chats of a visitor: those of its skills, and its own', async () => {
  const account = await liveChatAccount(outbox.server)
  const context = { visitorId: 'v-7' }
  const first = await account.ended({ name: 'Ada', context })
  await outbox.server.clock.advance(1_000)
  const ofReturns = await account.start({ skillId: account.returnsSkillId, context })
  await account.start({ name: 'v-7' })
  await account.start({ context: { visitorId: 'v'.repeat(3_000) } })

  const listed = async (ask: typeof account.john, query: string) =>
    (await ask('GET', `/conversations?${query}`)).json<List>().conversations
  const ids = async (ask: typeof account.john) =>
    (await listed(ask, 'channel=chat&visitorId=v-7')).map(({ conversationId }) => conversationId)
  expect(await ids(account.john)).toEqual([first.chatId])
  expect(await ids(account.jane)).toEqual([ofReturns.chatId, first.chatId])
  expect(await listed(account.jane, 'channel=chat&visitorId=v-7&limit=1')).toMatchObject([
    { channel: 'chat', consumerId: 'v-7', skillId: account.returnsSkillId, state: 'OPEN' },
  ])
  for (const query of ['visitorId=v-7', 'channel=all&visitorId=v-7']) {
    const refused = await account.john('GET', `/conversations?${query}`)
    expect([refused.status, refused.text]).toEqual([
      400,
      expect.stringContaining('query.visitorId'),
    ])
  }
})

const list = (scene: Scene, query: string) => call<List>(scene, 'GET', `conversations?${query}`)
