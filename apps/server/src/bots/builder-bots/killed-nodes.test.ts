import { expect, inject, test } from 'vitest'
import {
  anotherScene,
  HOUR_AGO,
  openConsumerSocket,
  startDoomedNode,
  startTestServer,
  type TestServer,
} from '#testing'
import { botOf, givenBot, ruleTo, starterStep, textStep } from './builder-bots.fixture.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** How often a node is killed: more in a run of its own. */
    kills: number
  }
}

const KILLS = inject('kills')
const CONVERSATIONS = 4

/** Asks again and again, counts by code, calls an integration, and pauses after each third answer. */
const COUNTING = botOf(
  [
    starterStep('start', 'question'),
    textStep('question', 'Question {n}', {
      interactionType: 'TEXT_QUESTION',
      preProcessMessage:
        "botContext.setBotVariable('n', Number(botContext.getBotVariable('n')) + 1, true, false)",
      responseMatches: [ruleTo('ask')],
    }),
    {
      id: 'ask',
      interactionType: 'API_INTEGRATION',
      content: { responderName: 'Api' },
      responseMatches: [ruleTo('got')],
    },
    textStep('got', 'Got {$userMessage} as {n} {Api.ok}', {
      postProcessMessage:
        "if (botContext.getBotVariable('n') % 3 === 0) botContext.setMessageDelay(1000)",
      responseMatches: [ruleTo('question')],
    }),
  ],
  {
    responder: [
      {
        id: 'r',
        name: 'Api',
        responseDataVariable: 'Api',
        customDataFields: [{ key: 'ok', value: '{$.api_Api.ok}' }],
      },
    ],
  },
)

/** What was said in a conversation, in the order of the sequences. */
async function saidIn({ context }: TestServer, accountId: string, conversationId: string) {
  const rows = await context.store.db
    .selectFrom('message')
    .select('body')
    .where('accountId', '=', accountId)
    .where('conversationId', '=', conversationId)
    .orderBy('sequence')
    .execute()
  const said = rows.map(({ body }) => body as { originator: { role: string }; event: object })
  const textOf = ({ event }: { event: object }) => String((event as { message?: string }).message)
  return {
    lines: said.filter(({ originator }) => originator.role === 'CONSUMER').map(textOf),
    answers: said.filter(({ originator }) => originator.role === 'ASSIGNED_AGENT').map(textOf),
  }
}

/** What the bot says to these lines when each is answered once, from where the one before has led. */
function answersTo([, ...lines]: readonly string[]): string[] {
  return [
    'Question 1',
    ...lines.flatMap((line, at) => [`Got ${line} as ${at + 1} yes`, `Question ${at + 2}`]),
  ]
}

test('wherever a node is killed in mid-dialog, each conversation goes on where it was, and nothing is said twice', async () => {
  await using live = await startTestServer({ clock: 'system' })
  await using doomed = await startDoomedNode(live)
  const { db } = live.context.store
  const scene = await anotherScene(live)
  const { accountId } = scene
  const answers = { Api: { body: { ok: 'yes' } } }
  const { skillId } = await givenBot(scene, COUNTING, { answers })
  const talks: { conversationId: string; jwt: string }[] = []
  for (let nth = 0; nth < CONVERSATIONS; nth += 1) {
    await using consumer = await openConsumerSocket(scene)
    const conversationId = await consumer.openConversation({ skillId })
    await consumer.say(conversationId, 'start')
    talks.push({ conversationId, jwt: consumer.jwt })
  }
  const isAnswered = async ({ conversationId }: { conversationId: string }) => {
    const said = await saidIn(live, accountId, conversationId)
    return said.answers.length === answersTo(said.lines).length
  }
  const allAnswered = () =>
    expect
      .poll(async () => (await Promise.all(talks.map(isAnswered))).every(Boolean), { interval: 20 })
      .toBe(true)
  const sayOn = async (url: string, line: string) => {
    for (const { conversationId, jwt } of talks) {
      await using consumer = await openConsumerSocket({ url, accountId }, { jwt })
      await consumer.say(conversationId, line)
    }
  }
  const answered = async (line: string) => {
    const all = await Promise.all(talks.map((one) => saidIn(live, accountId, one.conversationId)))
    return all.filter(({ answers: said }) => said.some((text) => text.startsWith(`Got ${line} `)))
      .length
  }
  await allAnswered()

  for (let kill = 0; kill < KILLS; kill += 1) {
    const line = `a${kill}`
    // What is not acknowledged when the node dies may be there or not.
    const saying = sayOn(doomed.url() ?? '', line).catch(() => undefined)
    await expect
      .poll(() => answered(line), { interval: 5 })
      .toBeGreaterThanOrEqual(kill % CONVERSATIONS)
    await doomed.kill()
    await saying
    await db.updateTable('outbox').set({ leasedUntil: HOUR_AGO }).execute()
    await db.updateTable('timer').set({ leasedUntil: HOUR_AGO }).execute()
    const starting = doomed.start()
    await sayOn(live.url, `b${kill}`)
    await allAnswered()
    await starting
  }

  for (const { conversationId } of talks) {
    const said = await saidIn(live, accountId, conversationId)
    expect(said.answers).toEqual(answersTo(said.lines))
    expect(said.lines.filter((line) => line.startsWith('b'))).toHaveLength(KILLS)
  }
}, 600_000)
