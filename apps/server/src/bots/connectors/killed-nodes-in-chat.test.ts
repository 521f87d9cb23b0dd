import { Agent } from 'undici'
import { expect, onTestFinished, test } from 'vitest'
import {
  anotherScene,
  HOUR_AGO,
  type Scene,
  sendRequest,
  startChat,
  startDoomedNode,
  startTestServer,
} from '#testing'
import { givenChatBot } from './in-chat.fixture.ts'

/** Long enough to die in between; the pause is a timer that another node takes over. */
const ANSWER = `const { event, message } = input.payload
await new Promise((done) => setTimeout(done, 60))
if (event) return callback(null, { messages: ['welcome'] })
callback(null, { messages: ['first ' + message, { delay: 1, typing: false }, 'last ' + message] })`

/** When the node is killed: as soon as so many chats of the round have got this line. */
const POINTS: [text: string, count: number][] = [
  ['welcome', 0],
  ['welcome', 1],
  ['first one', 2],
  ['last one', 1],
]
const OF_EACH_ROUND = 6

/** What the bot has said in a chat, in the order of the sequences. */
async function saidIn({ context }: Pick<Scene, 'context'>, accountId: string, chatId: string) {
  const rows = await context.store.db
    .selectFrom('message')
    .select('body')
    .where('accountId', '=', accountId)
    .where('conversationId', '=', chatId)
    .orderBy('sequence')
    .execute()
  const lines = rows.map(({ body }) => body as { by?: string; text?: string })
  return lines.flatMap(({ by, text }) => (by === 'AGENT' ? [text] : []))
}

test('wherever a node is killed in a chat, each line comes once', async () => {
  await using live = await startTestServer({ clock: 'system' })
  await using doomed = await startDoomedNode(live)
  const { db } = live.context.store
  const scene = await anotherScene(live)
  const { accountId } = scene
  const { skillId, errors } = await givenChatBot(scene, ANSWER)
  const dispatcher = new Agent()
  onTestFinished(() => dispatcher.destroy())
  const all: string[] = []

  async function talk(url: string, round: string[]): Promise<void> {
    const request: Scene['request'] = (method, path, more) =>
      sendRequest(dispatcher, url, method, path, more)
    for (let nth = 0; nth < OF_EACH_ROUND; nth += 1) {
      const chat = await startChat({ accountId, request }, { skillId, text: 'one' })
      round.push(chat.chatId)
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

  for (const chatId of all) {
    await expect
      .poll(() => saidIn(live, accountId, chatId))
      .toEqual(['welcome', 'first one', 'last one'])
  }
  expect(all.length).toBeGreaterThanOrEqual(POINTS.length)
  expect(await errors()).toEqual([])
}, 600_000)
