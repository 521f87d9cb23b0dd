import { readFile } from 'node:fs/promises'
import { BOT_ERRORS } from '@parley/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { jsonb } from '#base/store'
import { anotherScene, call, startTestServer, type TestServer } from '#testing'
import { type BotScene, givenBot, PREFIX, said } from './connectors.fixture.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const SAY = `callback(null, JSON.parse(input.payload.message))`
const says = (value: object) => ({ body: SAY, message: JSON.stringify(value) })
const rich = (content: object) => says({ messages: [{ structuredContent: content }] })

/** Each error that a conversation with a function can have, and what provokes it. */
const PROVOKED: {
  error: string
  body: string
  message?: string
  hooks?: (fn: BotScene['fn']) => Promise<object>
  /** What the list of errors says beside its name. */
  reason?: unknown
  /** What the bot has said before it failed. */
  before?: string[]
  /** What goes wrong in this server before the consumer writes; `mend` ends it. */
  fault?: (bot: BotScene) => Promise<{ mend: () => Promise<void> }>
}[] = [
  { error: 'aivendor.faas.invoke-lambda', body: `callback(new Error('no'), null)`, reason: 'no' },
  { error: 'aivendor.faas.missing-response-body', body: `callback()` },
  {
    error: 'aivendor.faas.failed-hook',
    body: `callback(null, { messages: ['unheard'] })`,
    hooks: async (fn) => ({ pre: await fn(`callback(null, 'no object')`) }),
    reason: 'The pre hook must return the request, an object',
  },
  {
    error: 'aivendor.faas.failed-hook',
    body: `callback(null, { messages: ['unheard'] })`,
    hooks: async (fn) => ({ pre: await fn(`throw new Error('hook')`) }),
    reason: 'The pre hook failed: hook',
  },
  {
    error: 'aivendor.faas.failed-hook',
    body: `callback(null, { messages: ['unheard'] })`,
    hooks: async (fn) => ({ post: await fn(`callback(null, { context: {} })`) }),
    reason: 'The post hook must return the answer, with messages or an action',
  },
  {
    error: 'aivendor.faas.failed-bot-action',
    ...says({
      messages: ['first'],
      context: {
        action: 'INVOCATION',
        actionParameters: { lambdaUuid: crypto.randomUUID(), failOnError: true },
      },
    }),
    before: ['first'],
  },
  {
    error: 'aivendor.faas.parse-message.malformed-alternative-intents',
    ...says({ messages: ['x'], context: { intentId: 'greeting' } }),
    reason: 'context.confidenceScore: is missing',
  },
  {
    error: 'aivendor.faas.parse-message.malformed-alternative-intents',
    ...says({ messages: ['x'], context: { intentId: 'greeting', confidenceScore: 2 } }),
    reason: 'context.confidenceScore: must be at most 1',
  },
  {
    error: 'pipes.verify-ai-response.missing-action-and-messages',
    ...says({ messages: [], context: {} }),
  },
  {
    error: 'pipes.verify-ai-response.missing-action-and-messages',
    body: `callback(null, 'a text')`,
  },
  {
    error: 'pipes.verify-ai-response.missing-action-and-messages',
    body: `callback(null, { context: {} })`,
    hooks: async (fn) => ({ post: await fn(`callback(null, input.payload)`) }),
  },
  {
    error: 'pipes.verify-ai-response.no-messages-and-not-supported-action',
    ...says({ messages: [], context: { action: 'close_conversation' } }),
    reason: 'No action has the name "close_conversation"',
  },
  {
    error: 'pipes.chat-handle-bot-action.transfer-skill-not-existing',
    ...says({
      messages: ['first'],
      context: { action: 'TRANSFER', actionParameters: { skill: 'No Such Skill' } },
    }),
    reason: 'No skill has the name "No Such Skill"',
    before: ['first'],
  },
  {
    error: 'connector.messaging.send-message',
    ...rich({ type: 'vertical', elements: [] }),
    reason: 'message.content.elements: must have at least 1 entry',
  },
  {
    error: 'connector.messaging.send-message',
    ...says({ messages: ['first', { image: 'x' }, 'never'] }),
    reason: expect.stringMatching(/^messages.1: must be a text, or /),
    before: ['first'],
  },
  {
    error: 'connector.messaging.send-message',
    body: `callback(null, { messages: ['x'.repeat(9000)] })`,
    reason: expect.stringMatching(/^message.message: must have at most /),
  },
  {
    error: 'connector.messaging.send-message',
    ...says({ messages: [{ delay: 1.5 }] }),
    reason: expect.stringContaining('a delay of whole seconds'),
  },
  {
    error: 'connector.messaging.send-message',
    ...rich({ type: 'vertical', elements: [{ type: 'image', url: 'https://evil.example/i.png' }] }),
    reason: 'message.content: the account takes no images from evil.example',
  },
  {
    error: 'connector.messaging.change-ttr',
    ...says({
      messages: ['first'],
      context: { action: 'CHANGE_TTR', actionParameters: { ttrtype: 'SOON' } },
    }),
    reason: expect.stringMatching(/^ttrType: must be URGENT, /),
    before: ['first'],
  },
  {
    error: 'events-queue.not-catched-pipeline-error',
    body: `callback(null, { messages: ['unheard'] })`,
    fault: spoilConnector,
  },
]

/** The stored connector cannot be read: something that no turn expects. */
async function spoilConnector({ scene, connectorId }: BotScene) {
  const { db } = scene.context.store
  const row = db.selectFrom('connector').select('definition').where('connectorId', '=', connectorId)
  const { definition } = await row.executeTakeFirstOrThrow()
  const write = async (value: object) => {
    await db
      .updateTable('connector')
      .set({ definition: jsonb(value) })
      .where('connectorId', '=', connectorId)
      .execute()
  }
  await write({})
  return { mend: () => write(definition as object) }
}

/** Errors that other tests provoke, and where. */
const ELSEWHERE = {
  'aivendor.faas.failed-faas-request': 'bad-moments.test.ts',
  'aivendor.faas.testConnection': 'management.test.ts',
  'aivendor.customendpoint.send-request': 'endpoints.test.ts',
  'aivendor.customendpoint.parse-message.parser-error': 'endpoints.test.ts',
  'aivendor.customendpoint.parse-message.multiple-actions': 'endpoints.test.ts',
  'aivendor.customendpoint.testConnection': 'endpoints.test.ts',
  'pipes.conversation-limit-checker.max-conv-limit-reached': 'bad-moments.test.ts',
  'connector.messaging.end-conversation': 'endpoints.test.ts',
  'connector.messaging.transfer-to-skill': 'bad-moments.test.ts',
  'connector.messaging.conversation-closed': 'endpoints.test.ts',
  'connector.messaging.agent-not-authorized': 'endpoints.test.ts',
  'pipes.verify-ai-response.quick-replies-not-supported': 'failures-in-chat.test.ts',
  'connector.chat.send-message': 'failures-in-chat.test.ts',
  'connector.chat.end-conversation': 'failures-in-chat.test.ts',
  'connector.chat.transfer-to-skill': 'failures-in-chat.test.ts',
}

test('each error has a test that provokes it', async () => {
  const here = PROVOKED.map(({ error }) => error)
  const shown = new Set([...here, ...Object.keys(ELSEWHERE)])
  expect([...shown].toSorted()).toEqual(BOT_ERRORS.toSorted())
  for (const [error, file] of Object.entries(ELSEWHERE)) {
    expect(await readFile(new URL(file, import.meta.url), 'utf8')).toContain(error)
  }
})

test.each(PROVOKED)(
  '$error: $body $message escalates, and is listed and told',
  async ({ error, body, message = 'hello', hooks, reason, before = [], fault }) => {
    const scene = await anotherScene(server)
    await call(scene, 'PATCH', 'settings', { messaging: { imageHosts: ['images.example'] } })
    const bot = await givenBot(scene, body, async (fn) => ({
      hooks: {
        ...(await hooks?.(fn)),
        error: await fn(`console.log(JSON.stringify(input.payload.error)); callback(null, 'ok')`),
      },
    }))
    const { consumer, conversationId } = await bot.consumer()
    await using _ = consumer
    const broken = await fault?.(bot)
    await consumer.say(conversationId, message)
    if (broken) {
      // Every attempt of the turn.
      await scene.clock.advance(10_000)
      await consumer.message(conversationId, ({ text }) => text === 'A human will help you')
      await broken.mend()
      await scene.clock.advance(10_000)
    }
    await using agent = await bot.agent()
    await agent.accept(conversationId)
    await agent.message(conversationId, ({ text }) => text === 'The bot gave up')
    await consumer.message(conversationId, ({ text }) => text === 'A human will help you')
    expect(said(consumer, conversationId)).toEqual([...before, 'A human will help you'])

    await scene.clock.advance(0)
    const [listed, ...more] = await bot.errors()
    expect(more).toEqual([])
    const because = reason === undefined ? {} : { reason }
    expect(listed).toMatchObject({ name: PREFIX + error, conversationId, ...because })
    const { entries } = await call<{ entries: { run: { eventId: string; outcome: string } }[] }>(
      scene,
      'GET',
      `conversations/${conversationId}/timeline?kind=run`,
    )
    const told = entries.filter(({ run }) => run.eventId === 'bot_connectors_error_hook')
    expect(told.map(({ run }) => run.outcome)).toEqual(['SUCCEEDED'])
  },
)

test.each([
  ['cannot be sent', [{ structuredContent: { type: 'vertical', elements: [] } }], {}],
  ['cannot be sent after a pause', [{ delay: 1 }, { image: 'x' }], {}],
  ['cannot be done', ['first'], { action: 'TRANSFER', actionParameters: { skill: 'None such' } }],
  [
    'wants a function run in vain',
    ['first'],
    { action: 'INVOCATION', actionParameters: { lambdaUuid: 'none', failOnError: true } },
  ],
])(
  'the error hook is told what was asked and answered, where it %s',
  async (_, messages, context) => {
    const scene = await anotherScene(server)
    const bot = await givenBot(scene, SAY, async (fn) => ({
      hooks: { error: await fn(`callback(null, 'ok')`) },
    }))
    const { consumer, conversationId } = await bot.consumer()
    await using __ = consumer
    const answer = { messages, context }
    await consumer.say(conversationId, JSON.stringify(answer))
    await consumer.until(
      () => consumer.messages(conversationId).some(({ role }) => role === 'CONSUMER'),
      'what the consumer has written',
    )
    await scene.clock.advance(2000)
    await consumer.message(conversationId, ({ text }) => text === 'A human will help you')
    await scene.clock.advance(0)
    const { invocations } = await call<{ invocations: { input: { payload: unknown } }[] }>(
      scene,
      'GET',
      `invocations?eventId=bot_connectors_error_hook&conversationId=${conversationId}`,
    )
    const [{ errorId, name } = { errorId: '', name: '' }] = await bot.errors()
    expect(invocations.map(({ input }) => input.payload)).toEqual([
      {
        error: { errorId, name },
        vendor: 'faas',
        faasPayload: expect.objectContaining({
          convId: conversationId,
          message: JSON.stringify(answer),
        }),
        faas: answer,
      },
    ])
  },
)
