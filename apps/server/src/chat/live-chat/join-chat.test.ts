import type { Chat, ChatEntry } from '@parley/contract'
import { afterAll, expect, test } from 'vitest'
import { type Ask, liveChatAccount, startTestServer } from '#testing'

const server = await startTestServer()
afterAll(() => server[Symbol.asyncDispose]())
const account = await liveChatAccount(server)

interface Whole {
  chat: Chat
  entries: ChatEntry[]
}

const read = async (ask: Ask, chatId: string) =>
  (await ask('GET', `/chats/${chatId}`)).json<Whole>()
const typesOf = (entries: readonly ChatEntry[]) => entries.map(({ type }) => type)

/** A user who may manage conversations. */
async function manager(loginName: string, fullName: string) {
  const password = 'correct horse'
  const draft = { loginName, fullName, password, skillIds: [], role: 'agent-manager' }
  const made = await account.admin('POST', '/users', draft)
  const { userId } = made.json<{ userId: string }>()
  const base = `/api/v1/accounts/${account.accountId}`
  async function signIn(): Promise<Ask> {
    const body = { loginName, password }
    const session = await server.request('POST', `${base}/sessions`, { body })
    const { bearer } = session.json<{ bearer: string }>()
    return (method, path, sent) => server.request(method, base + path, { bearer, body: sent })
  }
  return { userId, ask: await signIn(), signIn }
}

test('a manager joins a chat beside its agent, writes to it or to the consumer, and leaves', async () => {
  const { userId, ask } = await manager('ines', 'Ines Okafor')
  const chat = await account.accepted({ name: 'Ada', text: 'It never came' })
  await account.accepted()
  const path = `/chats/${chat.chatId}`
  const write = (text: string, audience = 'ALL') => ask('POST', `${path}/lines`, { text, audience })
  expect((await write('too early')).status).toBe(403)
  for (let time = 0; time < 2; time += 1) {
    expect((await ask('POST', `${path}/join`)).json()).toMatchObject({
      stage: 'active',
      agent: { agentId: account.johnId },
      managers: [{ agentId: userId, name: 'Ines Okafor' }],
    })
  }
  expect((await write('offer a refund', 'AGENTS_AND_MANAGERS')).status).toBe(201)
  expect((await write('I am his manager')).status).toBe(201)
  expect((await ask('POST', `${path}/typing`, { typing: true })).status).toBe(204)
  const listed = await ask('GET', `/chats?stage=active&managerId=${userId}`)
  expect(listed.json<{ chats: Chat[] }>().chats.map(({ chatId }) => chatId)).toEqual([chat.chatId])

  const seen = await read(account.john, chat.chatId)
  expect(seen.chat.managers).toMatchObject([{ name: 'Ines Okafor' }])
  expect(typesOf(seen.entries)).toEqual(['line', 'accepted', 'joined', 'note', 'line'])
  expect(seen.entries.slice(2)).toMatchObject([
    { name: 'Ines Okafor' },
    { name: 'Ines Okafor', text: 'offer a refund' },
    { name: 'Ines Okafor', by: 'AGENT', text: 'I am his manager' },
  ])

  const left = await ask('POST', `${path}/leave`)
  expect(left.json()).toMatchObject({ managers: [], agent: { agentId: account.johnId } })
  expect((await ask('POST', `${path}/leave`)).status).toBe(200)
  expect((await write('one more thing')).status).toBe(403)
  await account.john('POST', `${path}/end`)
  expect(typesOf((await read(account.john, chat.chatId)).entries).slice(-2)).toEqual([
    'left',
    'ended',
  ])
  // The consumer has the line, and is not told who stood there.
  const told = await chat.entries()
  expect(typesOf(told)).toEqual(['line', 'accepted', 'line', 'ended'])
  expect(told[2]).toMatchObject({ name: 'Ines Okafor', text: 'I am his manager' })
  expect((await chat.consumer('GET', '')).text).not.toContain('managers')
  const transcript = (await account.admin('GET', `${path}/transcript`)).text
  expect(transcript).toContain('I am his manager')
  expect(transcript).not.toContain('offer a refund')
  expect(transcript).not.toContain('Ines Okafor joined')
  expect((await ask('POST', `${path}/join`)).json()).toMatchObject({
    error: { code: 'chat_ended' },
  })
})

test('managers who join at the same moment are there once each; one takes over', async () => {
  const [first, second] = await Promise.all([manager('ada', 'Ada One'), manager('bo', 'Bo Two')])
  const chat = await account.start({ text: 'Anybody?' })
  const path = `/chats/${chat.chatId}`
  const joins = [first, second, first, second].map(({ ask }) => ask('POST', `${path}/join`))
  expect((await Promise.all(joins)).map(({ status }) => status)).toEqual([200, 200, 200, 200])
  const joined = await read(account.john, chat.chatId)
  expect(joined.chat.managers.map(({ name }) => name).toSorted()).toEqual(['Ada One', 'Bo Two'])
  expect(typesOf(joined.entries)).toEqual(['line', 'joined', 'joined'])
  const waiting = await first.ask('GET', `/chats?stage=waiting&managerId=${first.userId}`)
  expect(waiting.json()).toMatchObject({ chats: [{ chatId: chat.chatId }] })

  await account.john('POST', `${path}/accept`)
  await first.ask('POST', `${path}/transfer`, { agentId: first.userId })
  const taken = await first.ask('POST', `${path}/accept`)
  expect(taken.json()).toMatchObject({
    agent: { name: 'Ada One' },
    agents: [{ name: 'John Doe' }, { name: 'Ada One' }],
    managers: [{ name: 'Bo Two' }],
  })
  expect((await account.john('POST', `${path}/lines`, { text: 'mine?' })).status).toBe(403)
  const line = await first.ask('POST', `${path}/lines`, { text: 'I am here now' })
  expect(line.json()).toMatchObject({ name: 'Ada One', by: 'AGENT' })
})

test('only who may manage conversations joins, and writes only as long as that is so', async () => {
  const chat = await account.accepted()
  const path = `/chats/${chat.chatId}`
  const other = await liveChatAccount(server)
  expect((await account.jane('POST', `${path}/join`)).status).toBe(403)
  expect((await other.admin('POST', `${path}/join`)).status).toBe(404)
  expect((await account.john('POST', `${path}/leave`)).json()).toMatchObject({ managers: [] })
  expect((await other.john('POST', `${path}/leave`)).status).toBe(404)

  const { userId, ask: before, signIn } = await manager('eve', 'Eve Once')
  await before('POST', `${path}/join`)
  const write = (by: Ask) => by('POST', `${path}/lines`, { text: 'still here' })
  expect((await write(before)).status).toBe(201)
  await account.admin('PATCH', `/users/${userId}`, { role: 'agent' })
  const ask = await signIn()
  expect((await ask('GET', path)).status).toBe(200)
  expect((await write(ask)).status).toBe(403)
  expect((await ask('POST', `${path}/leave`)).json()).toMatchObject({ managers: [] })
  // It has none of the skills, and is no longer in it.
  expect((await ask('GET', path)).status).toBe(404)
})

test('who would transfer a chat, or types into it, while its consumer ends it is told that it is over', async () => {
  const { chatId } = await account.ended()
  const { johnId, john, jane, returnsSkillId } = account
  const late = [
    await john('POST', `/chats/${chatId}/transfer`, { skillId: returnsSkillId }),
    await john('POST', `/chats/${chatId}/typing`, { typing: true }),
    await jane('POST', `/chats/${chatId}/transfer`, { agentId: johnId }),
  ]
  for (const { status, text } of late) {
    expect(status).toBe(409)
    expect(text).toContain('chat_ended')
  }
})
