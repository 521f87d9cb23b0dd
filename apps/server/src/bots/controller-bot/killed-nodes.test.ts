import { sql } from 'kysely'
import { expect, test } from 'vitest'
import {
  type ConsumerSocket,
  HOUR_AGO,
  lambdasOf,
  openConsumerSocket,
  startDoomedNode,
  startTestServer,
} from '#testing'
import { SILENT } from './late-answers.fixture.ts'
import { automatic } from './scene.fixture.ts'

const NEW = 'controllerbot_messaging_new_conversation'
const WELCOME = 'Welcome! How can we help you?'
const LATE = 'Late'
const TRANSFERRED = 'You are being transferred to another team.'
const MAX_WAIT_MS = 5_000

/** How the function behaves, by the session that the conversation names. */
const KINDS = ['slow', 'silent', 'broken'] as const
const FUNCTION = `async function lambda(input, callback) {
  const kind = input.payload.general.sessionId
  if (kind === 'silent') ${SILENT}
  if (kind === 'broken') throw new Error('no')
  await new Promise((done) => setTimeout(done, 150))
  callback(null, [{ type: 'systemMessage', text: '${LATE}' }, { type: 'transfer', skillId: '1002' }])
}`
/** Slow answers come after the default message, most of the time, and within their time on any machine. */
const SETTINGS = { limits: { executionTimeMs: 8_000 }, messaging: { defaultMessageAfterMs: 120 } }

/** When the node is killed: as soon as so many conversations of the round have got this message. */
const POINTS: [text: string, count: number][] = [
  [WELCOME, 0],
  [WELCOME, 1],
  [WELCOME, 6],
  [LATE, 1],
  [TRANSFERRED, 2],
]
const OF_EACH_ROUND = 12

interface Opened {
  kind: (typeof KINDS)[number]
  conversationId: string
  jwt: string
}

test('wherever a node is killed, each event has its default message and its answer once', async () => {
  await using live = await startTestServer({ clock: 'system' })
  await using doomed = await startDoomedNode(live)
  const { db } = live.context.store
  const account = await live.anotherAccount()
  const { accountId } = account
  const lambdas = lambdasOf(live, account)
  await lambdas.native('PATCH', '/settings', SETTINGS)
  await lambdas.deployed(FUNCTION, { eventId: NEW })
  const all: Opened[] = []

  /** Opens conversations one after the other, until there are enough or the node is gone. */
  async function openSome(url: string, round: Opened[]): Promise<void> {
    await using sockets = new AsyncDisposableStack()
    for (let nth = 0; nth < OF_EACH_ROUND; nth += 1) {
      const kind = KINDS[nth % KINDS.length] ?? 'slow'
      const consumer = sockets.use(await openConsumerSocket({ url, accountId }))
      round.push({ kind, conversationId: await open(consumer, kind), jwt: consumer.jwt })
    }
  }

  function open(consumer: ConsumerSocket, kind: string): Promise<string> {
    const conversationContext = { type: 'SharkContext', sessionId: kind }
    return consumer.openConversation({ skillId: '1001', conversationContext })
  }

  async function countOf(text: string, round: readonly Opened[]): Promise<number> {
    const ids = round.map(({ conversationId }) => conversationId)
    const { rows } = await sql`select distinct conversation_id from message
      where account_id = ${accountId} and conversation_id = any(${ids})
        and body->'event'->>'message' = ${text}`.execute(db)
    return rows.length
  }

  for (const [text, count] of POINTS) {
    const round: Opened[] = []
    // What is not acknowledged when the node dies may be there or not.
    const opening = openSome(doomed.url() ?? '', round).catch(() => undefined)
    await expect.poll(() => round.length, { interval: 5 }).toBeGreaterThan(0)
    await expect.poll(() => countOf(text, round), { interval: 5 }).toBeGreaterThanOrEqual(count)
    await doomed.kill()
    await opening
    all.push(...round)
    await db.updateTable('outbox').set({ leasedUntil: HOUR_AGO }).execute()
    await doomed.start()
  }

  await expect
    .poll(async () => {
      const rows = await db
        .selectFrom('outbox')
        .select('id')
        .where('accountId', '=', accountId)
        .execute()
      return rows.length
    })
    .toBe(0)
  expect(all.length).toBeGreaterThan(POINTS.length)
  const told: Record<string, number> = {}
  for (const { kind, conversationId, jwt } of all) {
    await using reader = await openConsumerSocket({ url: live.url, accountId }, { jwt })
    const texts = await automatic(reader, conversationId)
    const isSaid = (text: string) => texts.filter((one) => one === text).length
    const counts = [isSaid(WELCOME), isSaid(LATE), isSaid(TRANSFERRED)]
    if (kind !== 'slow') expect([kind, counts]).toEqual([kind, [1, 0, 0]])
    else expect(['0 1 1', '1 1 1']).toContain(counts.join(' '))
    expect(texts).toHaveLength(counts.reduce((sum, one) => sum + one, 0))
    told[`${kind} ${counts.join(' ')}`] = (told[`${kind} ${counts.join(' ')}`] ?? 0) + 1
  }
  // The kills have met answers of each kind.
  expect(Object.keys(told)).toEqual(expect.arrayContaining(['silent 1 0 0', 'broken 1 0 0']))
}, 600_000)

test('no automatic message takes longer than five seconds where functions are slow, silent and broken at once', async () => {
  await using live = await startTestServer()
  const account = await live.anotherAccount()
  const { accountId } = account
  const lambdas = lambdasOf(live, account)
  await lambdas.native('PATCH', '/settings', { limits: { executionTimeMs: 400 } })
  await lambdas.deployed(FUNCTION.replace('150', '30_000'), { eventId: NEW })
  await using sockets = new AsyncDisposableStack()
  const opened = []
  for (const kind of KINDS) {
    const consumer = sockets.use(await openConsumerSocket({ url: live.url, accountId }))
    const conversationContext = { type: 'SharkContext', sessionId: kind }
    const since = live.clock.now()
    const conversationId = await consumer.openConversation({ skillId: '1001', conversationContext })
    opened.push({ consumer, conversationId, since })
  }
  await live.clock.advance(60_000)
  for (const { consumer, conversationId, since } of opened) {
    const { record } = await consumer.message(conversationId, ({ text }) => text === WELCOME)
    expect(record.serverTimestamp - since).toBeLessThanOrEqual(MAX_WAIT_MS)
  }
})
