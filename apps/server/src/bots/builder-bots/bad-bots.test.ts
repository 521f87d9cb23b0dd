import type { BotImport, listBuilderConversations } from '@parley/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type * as z from 'zod'
import {
  anotherScene,
  call,
  lambdasOf,
  type NameServer,
  type Scene,
  startNameServer,
  startTestServer,
  type TestServer,
} from '#testing'
import { type BadApi, startBadApi } from './bad-api.fixture.ts'
import {
  ask,
  botOf,
  givenBot,
  givenConsumer,
  native,
  ruleTo,
  starterStep,
  textStep,
} from './builder-bots.fixture.ts'

let server: TestServer
let api: BadApi
let names: NameServer
beforeAll(async () => {
  api = await startBadApi()
  names = await startNameServer(() => 'no such name')
  const env = {
    PARLEY_EGRESS_PRIVATE: `127.0.0.1:${api.port},127.0.0.1:1`,
    PARLEY_NAME_SERVERS: names.address,
  }
  server = await startTestServer({ env })
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await names[Symbol.asyncDispose]()
  await api[Symbol.asyncDispose]()
})

interface Talk {
  outputs: { kind: string; text?: string }[]
  notes: { interaction: string; what: string }[]
  state: unknown
}

/** Imports a bot and says lines to it, outside of any conversation. */
async function talkTo(scene: Scene, file: object, lines: readonly string[]) {
  const { botId } = await call<BotImport>(scene, 'POST', 'bots', file)
  const turns: { said: string[]; noted: string[] }[] = []
  let state: unknown
  for (const message of lines) {
    const talk = await call<Talk>(scene, 'POST', `bots/${botId}/talk`, { message, state })
    state = talk.state
    turns.push({
      said: talk.outputs.flatMap(({ text }) => text ?? []),
      noted: talk.notes.map(({ interaction, what }) => `${interaction}: ${what}`),
    })
  }
  return turns
}

const many = (count: number) =>
  Array.from({ length: count }, (_none, index) => textStep(`i${index}`, 'x'))

test.each([
  ['no object', 'text', 400, /body/],
  ['another JSON', { name: 'x' }, 400, /one JSON object with .*conversationMessage: is missing/],
  ['a wrong member', { ...botOf([]), groups: 'none' }, 400, /groups: must be a list/],
  [
    'two interactions with one id',
    botOf([textStep('a', 'x'), textStep('a', 'y')]),
    400,
    /conversationMessage\.1\.id: is the id of conversationMessage\.0, too/,
  ],
  ['5,001 interactions', botOf(many(5_000)), 400, /conversationMessage: .*5000/],
  ['more than 2 MB', { ...botOf([]), comment: 'x'.repeat(2_100_000) }, 413, /2097152|too large/i],
])('an import of %s is refused with what was expected', async (_name, body, status, message) => {
  const scene = await anotherScene(server)

  const reply = await native(scene, 'POST', 'bots', body)

  expect([reply.status, reply.text]).toEqual([status, expect.stringMatching(message)])
  expect(await call(scene, 'GET', 'bots')).toEqual({ bots: [] })
})

test('dangling ids and names are imported, named as warnings, and the bot goes on', async () => {
  const scene = await anotherScene(server)
  const file = botOf([
    starterStep('go', 'lost'),
    starterStep('jump', 'jumps'),
    textStep('jumps', 'Before', {
      responseMatches: [ruleTo('gone')],
      postProcessMessage: "botContext.setTriggerNextMessage('Welcome Back')",
    }),
  ])
  const { warnings } = await call<BotImport>(scene, 'POST', 'bots', file)
  const [go, jump, other] = await talkTo(await anotherScene(server), file, ['go', 'jump', 'other'])

  expect(warnings.map(({ interaction, what }) => `${interaction}: ${what}`)).toEqual(
    expect.arrayContaining([
      's-go: is followed by "lost", which is not there',
      'jumps: goes to an interaction "gone" that is not there',
      'jumps: goes to "Welcome Back" in postProcessMessage, and no interaction has that name',
    ]),
  )
  expect(go).toEqual({ said: [], noted: ['s-go: There is no id "lost": the dialog ends here'] })
  expect(jump).toEqual({
    said: ['Before'],
    noted: [
      'jumps: There is no interaction "Welcome Back" to go to',
      'jumps: There is no interaction "gone": the dialog ends here',
    ],
  })
  expect(other?.said).toEqual(['Nothing matches'])
})

test('what is switched off does not run, and BLANK_MESSAGE says nothing', async () => {
  const scene = await anotherScene(server)
  const file = botOf([
    starterStep('go', 'blank'),
    textStep('blank', 'BLANK_MESSAGE', { nextMessageId: 'after' }),
    textStep('after', 'After', { nextMessageId: 'off' }),
    textStep('off', 'Never', { status: 'INACTIVE' }),
    { ...starterStep('sleep', 'after'), status: 'INACTIVE' },
  ])
  const { warnings } = await call<BotImport>(scene, 'POST', 'bots', file)

  const [go, sleep] = await talkTo(await anotherScene(server), file, ['go', 'sleep'])

  expect(warnings).toContainEqual({
    interaction: 'after',
    what: 'is followed by "off", which is switched off',
  })
  expect(go).toEqual({
    said: ['After'],
    noted: ['after: There is no id "off": the dialog ends here'],
  })
  expect(sleep?.said).toEqual(['Nothing matches'])
})

test('a pause that code asks for before an interaction stands for that of the interaction', async () => {
  const scene = await anotherScene(server)
  const preProcessMessage = 'botContext.setMessageDelay(700)'
  const slow = textStep('slow', 'Slow', { interactionDelay: '1500', preProcessMessage })
  const file = botOf([starterStep('go', 'slow'), slow])
  const { botId } = await call<BotImport>(scene, 'POST', 'bots', file)

  const { outputs } = await call<Talk>(scene, 'POST', `bots/${botId}/talk`, { message: 'go' })

  expect(outputs).toEqual([
    { kind: 'delay', ms: 700 },
    { kind: 'text', text: 'Slow' },
  ])
})

test('a loop without a question ends after 50 interactions, and the bot listens again', async () => {
  const steps = [starterStep('go', 'a'), textStep('a', 'x', { responseMatches: [ruleTo('a')] })]

  const [go, other] = await talkTo(await anotherScene(server), botOf(steps), ['go', 'other'])

  expect(go?.said.length).toBeLessThanOrEqual(50)
  expect(go?.noted).toContain('a: Stopped after 50 interactions without a question')
  expect(other?.said).toEqual(['Nothing matches'])
})

test('patterns that backtrack, and too many of them, do not match and hold nothing up', async () => {
  const nested = `${'(a|a*)*'.repeat(50)}b`
  const steps = [
    ...Array.from({ length: 200 }, (_none, at) => ({
      ...starterStep(`${nested}${at}`, 'a'),
      id: `s${at}`,
    })),
    starterStep('*aaa*', 'late'),
    textStep('a', 'Matched'),
    textStep('late', 'Late'),
  ]

  const scene = await anotherScene(server)
  const [long, short] = await talkTo(scene, botOf(steps), ['a'.repeat(5_000), 'aaa'])

  expect(long?.said).toEqual(['Nothing matches'])
  expect(long?.noted[0]).toMatch(/The patterns take too long for this message$/)
  expect(short?.said).toEqual(['Late'])
})

test('code that throws, floods or calls what is not there is noted, and the bot goes on', async () => {
  const code = (id: string, preProcessMessage: string) => [
    starterStep(id, id),
    textStep(id, `after ${id}`, { preProcessMessage }),
  ]
  const steps = [
    ...code('throws', 'throw new Error("boom")'),
    ...code('floods', 'for (;;) botContext.sendMessage("again")'),
    ...code('misses', 'botContext.orderTaxi()'),
    ...code('broken', 'var = 1'),
    ...code(
      'hoards',
      'for (var i = 0; i < 20; i += 1) botContext.setBotVariable("v" + i, new Array(15000).join("x"), true, false)',
    ),
  ]
  const lines = ['throws', 'floods', 'misses', 'broken', 'hoards', 'other']

  const turns = await talkTo(await anotherScene(server), botOf(steps), lines)

  const [throws, floods, misses, broken, hoards, other] = turns
  expect(throws).toEqual({ said: ['after throws'], noted: ['throws: Code: Error: boom'] })
  expect(floods?.said).toHaveLength(48)
  expect(floods?.noted).toContain('floods: Code: Error: More than 1000 calls')
  expect(misses?.noted[0]).toContain('botContext.orderTaxi is not a function')
  expect(broken?.noted[0]).toContain('SyntaxError')
  expect(hoards?.said).toEqual(['after hoards'])
  expect(hoards?.noted).toContain(
    'hoards: "v13" was not kept: all variables have 200000 characters',
  )
  expect(other?.said).toEqual(['Nothing matches'])
})

test('integrations that cannot be reached are FAILED with the reason, and the bot goes on', async () => {
  const scene = await anotherScene(server)
  const lambdaUuid = await lambdasOf(scene).deployed(
    `function lambda(input, callback) { callback(new Error('no order')) }`,
  )
  await call(scene, 'POST', 'allowed-domains', { domain: 'nowhere.test' })
  const address = `http://127.0.0.1:${api.port}`
  const responders = [
    ['large', { webhook: `${address}/large` }, /more than 200000 characters/],
    ['broken', { webhook: `${address}/broken` }, /other side closed|socket/i],
    ['status', { webhook: `${address}/x` }, /status 500/],
    ['late', { webhook: `${address}/silent` }, /The call took longer than 30000 ms/],
    ['moved', { webhook: `${address}/moved` }, /status 304/],
    ['closed', { webhook: 'http://127.0.0.1:1/' }, /fetch failed|refused/i],
    ['unknown', { webhook: 'https://nowhere.test/' }, /nowhere\.test/],
    ['private', { webhook: 'http://127.0.0.1:2/' }, /not on the list of allowed domains/],
    ['scheme', { webhook: 'ftp://127.0.0.1/' }, /./],
    ['none', { webhook: '' }, /URL/i],
    [
      'missing',
      { integrationType: 'FAAS', lambdaUuid: crypto.randomUUID() },
      /no function .* is deployed/,
    ],
    ['throws', { integrationType: 'FAAS', lambdaUuid }, /no order/],
    ['payload', { integrationType: 'FAAS', lambdaUuid, postBody: '{"a": ' }, /JSON/],
  ] as const
  const steps = [
    ...responders.flatMap(([name]) => [
      starterStep(name, name),
      {
        id: name,
        interactionType: 'API_INTEGRATION',
        content: { responderName: name },
        responseMatches: [
          ruleTo('good', { matchType: 'API_RESULT', apiResultsMatch: { status: 'SUCCESS' } }),
          ruleTo('bad', { matchType: 'API_RESULT', apiResultsMatch: { status: 'FAILED' } }),
        ],
      },
    ]),
    textStep('good', 'Good'),
    textStep('bad', 'Bad'),
  ]
  const responder = responders.map(([name, members]) => ({ id: `r-${name}`, name, ...members }))

  const talked = talkTo(
    scene,
    botOf(steps, { responder }),
    responders.map(([name]) => name),
  )
  await api.waited
  expect(server.ring(30_000)).toBeGreaterThan(0)
  const turns = await talked

  const expected = responders.map(([name, , reason]) => ({
    said: ['Bad'],
    told: expect.stringContaining(`${name}: FAILED: ${name}: `) as unknown,
    noted: [expect.stringMatching(reason) as unknown],
  }))
  expect(turns.map((turn) => ({ ...turn, told: turn.noted[0] }))).toEqual(expected)
  expect(names.asked).toContain('A nowhere.test')
})

test('what a bot of a conversation notes is shown beside where it stands', async () => {
  const scene = await anotherScene(server)
  const file = botOf([
    starterStep('go', 'question'),
    textStep('question', 'Yes?', {
      interactionType: 'TEXT_QUESTION',
      preProcessMessage: 'botContext.orderTaxi()',
    }),
  ])
  const { botId, skillId } = await givenBot(scene, file)
  const { consumer, conversationId } = await givenConsumer(scene, skillId)
  await using _ = consumer

  await ask(consumer, conversationId, 'go', 'Yes?')

  const listed = await call<z.output<typeof listBuilderConversations.reply>>(
    scene,
    'GET',
    `bots/${botId}/conversations`,
  )
  expect(listed.conversations[0]).toMatchObject({
    conversationId,
    interaction: { id: 'question', name: 'question' },
    notes: [
      { interaction: 'question', what: expect.stringContaining('orderTaxi is not a function') },
    ],
  })
})

test('a conversation whose export is not kept any more goes on with the newest', async () => {
  const scene = await anotherScene(server)
  const step = (words: string) => ({ ...textStep('sorry', words), name: 'sorry', group: 'f' })
  const first = botOf([])
  const changed = (words: string) => ({ ...first, conversationMessage: [step(words)] })
  const { botId, skillId } = await givenBot(scene, changed('Old'))
  const { consumer, conversationId } = await givenConsumer(scene, skillId)
  await using _ = consumer
  await ask(consumer, conversationId, 'hello', 'Old')

  for (let revision = 2; revision <= 20; revision += 1) {
    await call(scene, 'PUT', `bots/${botId}`, changed(`New ${revision}`))
  }
  await ask(consumer, conversationId, 'hello again', 'Old')
  await call(scene, 'PUT', `bots/${botId}`, changed('New 21'))
  await ask(consumer, conversationId, 'and again', 'New 21')
})
