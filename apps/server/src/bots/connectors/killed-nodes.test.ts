import type { Connector, User } from '@parley/contract'
import { expect, test } from 'vitest'
import {
  anotherScene,
  call,
  HOUR_AGO,
  openConsumerSocket,
  startDoomedNode,
  startTestServer,
  stopAt,
  type TestServer,
} from '#testing'
import { draftOf, givenBot } from './connectors.fixture.ts'

/** Long enough to die in between; the pause is a timer that another node takes over. */
const ANSWER = `const { message } = input.payload
await new Promise((done) => setTimeout(done, 60))
callback(null, { messages: ['first ' + message, { delay: 1, typing: false }, 'last ' + message] })`

/** When the node is killed: as soon as so many conversations of the round have got this message. */
const POINTS: [text: string, count: number][] = [
  ['first one', 0],
  ['first one', 1],
  ['last one', 2],
]
const OF_EACH_ROUND = 6

/** What the bot has said in a conversation, in the order of the sequences. */
async function saidIn({ context }: TestServer, accountId: string, conversationId: string) {
  const rows = await context.store.db
    .selectFrom('message')
    .select(['sequence', 'body'])
    .where('accountId', '=', accountId)
    .where('conversationId', '=', conversationId)
    .orderBy('sequence')
    .execute()
  const texts = rows.map(({ body }) => (body as { event: { message?: unknown } }).event.message)
  return texts.filter((text) => /^(first|last) /.test(String(text)))
}

test('wherever a node is killed between the answer and the last message, each message comes once', async () => {
  await using live = await startTestServer({ clock: 'system' })
  await using doomed = await startDoomedNode(live)
  const { db } = live.context.store
  const scene = await anotherScene(live)
  const { accountId } = scene
  const { skillId, errors } = await givenBot(scene, ANSWER)
  const all: string[] = []

  async function talk(url: string, round: string[]): Promise<void> {
    await using sockets = new AsyncDisposableStack()
    for (let nth = 0; nth < OF_EACH_ROUND; nth += 1) {
      const consumer = sockets.use(await openConsumerSocket({ url, accountId }))
      const conversationId = await consumer.openConversation({ skillId })
      await consumer.say(conversationId, 'one')
      round.push(conversationId)
    }
  }

  for (const [text, count] of POINTS) {
    const round: string[] = []
    // What is not acknowledged when the node dies may be there or not.
    const talking = talk(doomed.url() ?? '', round).catch(() => undefined)
    await expect.poll(() => round.length, { interval: 5 }).toBeGreaterThan(0)
    const told = async () => {
      const said = await Promise.all(round.map((id) => saidIn(live, accountId, id)))
      return said.filter((texts) => texts.includes(text)).length
    }
    await expect.poll(told, { interval: 5 }).toBeGreaterThanOrEqual(count)
    await doomed.kill()
    await talking
    all.push(...round)
    await db.updateTable('outbox').set({ leasedUntil: HOUR_AGO }).execute()
    await db.updateTable('timer').set({ leasedUntil: HOUR_AGO }).execute()
    await doomed.start()
  }

  for (const conversationId of all) {
    await expect
      .poll(() => saidIn(live, accountId, conversationId))
      .toEqual(['first one', 'last one'])
  }
  expect(all.length).toBeGreaterThanOrEqual(POINTS.length)
  expect(await errors()).toEqual([])
}, 600_000)

test('a node that is killed while it makes a bot leaves none behind, and no user', async () => {
  await using live = await startTestServer({ clock: 'system' })
  await using doomed = await startDoomedNode(live)
  const scene = await anotherScene(live)
  const { skillId, escalationId, fn } = await givenBot(scene, `callback(null, {})`)
  const draft = draftOf(await fn(`callback(null, {})`), skillId, escalationId)
  const bots = async () => {
    const { users } = await call<{ users: User[] }>(scene, 'GET', 'users')
    return users.filter(({ kind }) => kind === 'bot').length
  }
  const stop = await stopAt(live, 'bot_agent', 'before insert for each row')
  const asked = fetch(`${doomed.url()}/api/v1/accounts/${scene.accountId}/connectors`, {
    method: 'POST',
    headers: { authorization: `Bearer ${scene.adminBearer}`, 'content-type': 'application/json' },
    body: JSON.stringify(draft),
  }).then(
    ({ status }) => status,
    () => 'no answer',
  )
  await stop.reached()
  await doomed.kill()
  expect(await asked).toBe('no answer')
  await stop.release()
  const { connectors } = await call<{ connectors: Connector[] }>(scene, 'GET', 'connectors')
  expect(connectors).toHaveLength(1)
  expect(await bots()).toBe(1)
  await call(scene, 'POST', 'connectors', draft)
  expect(await bots()).toBe(2)
})
