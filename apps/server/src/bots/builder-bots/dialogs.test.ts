import { login } from '@parley/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  anotherScene,
  call,
  givenSkill,
  lambdasOf,
  openAgentSocket,
  type Scene,
  startTestServer,
  type TestServer,
} from '#testing'
import {
  ask,
  botOf,
  givenBot,
  givenConsumer,
  ruleTo,
  starterStep,
  textStep,
} from './builder-bots.fixture.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

/** A consumer who talks to a bot with these interactions. */
async function givenTalk(scene: Scene, ...bot: Parameters<typeof botOf>) {
  const { skillId } = await givenBot(scene, botOf(...bot))
  const { consumer, conversationId } = await givenConsumer(scene, skillId)
  const says = (line: string, answer: string) => ask(consumer, conversationId, line, answer)
  return { consumer, conversationId, says }
}

/** A dialog that runs code and says what a variable holds then. */
function codeSteps(pattern: string, preProcessMessage: string): Record<string, unknown>[] {
  return [
    starterStep(pattern, `t-${pattern}`),
    textStep(`t-${pattern}`, `${pattern}: v={v}`, { preProcessMessage }),
  ]
}

test.each([
  ['BUTTON', '1', '1'],
  ['BUTTON', '0', '0'],
  ['BUTTON', '3.', 'b'],
  ['VERTICAL', 'B', 'b'],
  ['VERTICAL', 'c', 'b'],
])(
  'of choices shown as %s, "%s" means the one titled so, else the one at that place',
  async (displayChoice, line, picked) => {
    const scene = await anotherScene(server)
    const multipleChoice = { displayChoice, multipleChoices: ['1', '0', 'b'], textStyle: 'LETTERS' }
    const question = {
      id: 'q',
      interactionType: 'MULTIPLE_CHOICE_QUESTION',
      content: { results: { tile: { tileData: [{ text: 'Which?', multipleChoice }] } } },
      nextMessageId: 'said',
    }
    const talk = await givenTalk(scene, [
      starterStep('go', 'q'),
      question,
      textStep('said', 'You chose {$botContext.slot.q}'),
    ])
    await using consumer = talk.consumer
    await consumer.say(talk.conversationId, 'go')
    await consumer.message(talk.conversationId, ({ role }) => role === 'ASSIGNED_AGENT')
    await talk.says(line, `You chose ${picked}`)
  },
)

test('quick replies without a title are left out, and those below no text are buttons', async () => {
  const scene = await anotherScene(server)
  const replies = (titles: string[]) => titles.map((title) => ({ title, payload: `p-${title}` }))
  const question = (id: string, text: string, titles: string[]) => ({
    ...textStep(id, text, { quickReplies: replies(titles), nextMessageId: 'said' }),
    interactionType: 'QUICK_REPLY',
  })
  const talk = await givenTalk(scene, [
    starterStep('one', 'q1'),
    question('q1', 'Which?', ['{unset}', 'No']),
    starterStep('two', 'q2'),
    question('q2', 'BLANK_MESSAGE', ['Yes', ' ']),
    textStep('said', 'Payload {p}', {
      preProcessMessage: `botContext.setBotVariable('p', botContext.getQuickReplyPayload(), false, false)`,
    }),
  ])
  await using consumer = talk.consumer
  // That it has come to a bot is told in a message of its own, before or after.
  const { conversationId } = talk
  await talk.says('one', 'Which?')
  const which = await consumer.message(conversationId, ({ text }) => text === 'Which?')
  expect(which.event).toMatchObject({ quickReplies: { replies: [{ title: 'No' }] } })
  await talk.says('No', 'Payload p-No')
  await consumer.say(conversationId, 'two')
  const card = await consumer.message(
    conversationId,
    ({ event }) => event.type === 'RichContentEvent',
  )
  expect(card.event).toMatchObject({
    content: { type: 'vertical', elements: [{ type: 'button', title: 'Yes' }] },
  })
  await talk.says('Yes', 'Payload p-Yes')
})

test('what is cut is cut between characters', async () => {
  const scene = await anotherScene(server)
  const talk = await givenTalk(scene, [
    ...codeSteps('note', `botContext.printDebugMessage('a'.repeat(293) + '😀'.repeat(50))`),
    ...codeSteps('reply', `botContext.addQuickReplies(['a'.repeat(255) + '😀'.repeat(5)])`),
  ])
  await using _ = talk.consumer
  await talk.says('note', 'note: v=')
  await talk.says('reply', 'reply: v=')
})

test('the variable that was set last is read, whatever its scope is', async () => {
  const scene = await anotherScene(server)
  const set = (value: string, forever: boolean) =>
    `botContext.setBotVariable('v', ${value}, true, ${forever})`
  const talk = await givenTalk(scene, [
    ...codeSteps('session', set(`'one'`, false)),
    ...codeSteps('forever', set(`'two'`, true)),
    ...codeSteps('unset', set('null', true)),
    ...codeSteps('read', ''),
  ])
  await using _ = talk.consumer
  await talk.says('session', 'session: v=one')
  await talk.says('forever', 'forever: v=two')
  await talk.says('read', 'read: v=two')
  await talk.says('session', 'session: v=one')
  await talk.says('unset', 'unset: v=')
  await talk.says('read', 'read: v=')
})

test('a bot that gets a conversation back knows what it knew, and is in no dialog', async () => {
  const scene = await anotherScene(server)
  const peopleId = await givenSkill(scene)
  const file = botOf(
    [
      ...codeSteps('set', `botContext.setBotVariable('v', 'kept', true, false)`),
      ...codeSteps('read', ''),
      starterStep('human', 'away'),
      { ...textStep('away', 'One moment'), interactionType: 'ESCALATION' },
    ],
    { methods: `function __initConversation() { botContext.sendMessage('Begins') }` },
  )
  const escalation = {
    skillId: peopleId,
    messageToCustomer: '',
    messageToAgent: '',
    transferFailureMessage: '',
  }
  const { skillId } = await givenBot(scene, file, { escalation })
  const { consumer, conversationId } = await givenConsumer(scene, skillId)
  await using _ = consumer
  const [known] = scene.agents
  if (!known) throw new Error('No agent')
  const { pid = '', ...session } = await login(scene, known)
  await call(scene, 'PATCH', `users/${session.userId}`, { skillIds: [peopleId] })
  await using agent = await openAgentSocket(scene, { ...session, pid })
  await agent.goOnline()
  await ask(consumer, conversationId, 'set', 'set: v=kept')
  await ask(consumer, conversationId, 'human', 'One moment')
  await agent.accept(conversationId)
  await agent.update(
    conversationId,
    { field: 'ParticipantsChange', type: 'REMOVE', role: 'ASSIGNED_AGENT' },
    { field: 'Skill', type: 'UPDATE', skill: skillId },
  )
  await ask(consumer, conversationId, 'read', 'read: v=kept')
  const begins = consumer.messages(conversationId).filter(({ text }) => text === 'Begins')
  expect(begins).toHaveLength(1)
})

test.each([undefined, ''])(
  'an integration whose variable is %j keeps its answer under its own name, for its fields, too',
  async (responseDataVariable) => {
    const scene = await anotherScene(server)
    const lambdaUuid = await lambdasOf(scene).deployed(
      `function lambda(input, callback) { callback(null, { state: 'on its way' }) }`,
    )
    const responder = {
      id: 'r',
      name: 'Orders',
      integrationType: 'FAAS',
      lambdaUuid,
      customDataFields: [{ key: 'state', value: '{$.api_Orders.state}' }],
      responseDataVariable,
    }
    const steps = [
      starterStep('go', 'asks'),
      {
        id: 'asks',
        interactionType: 'API_INTEGRATION',
        content: { responderName: 'Orders' },
        nextMessageId: 'tells',
        responseMatches: [ruleTo('next')],
      },
      textStep('tells', 'It is {Orders.state}'),
    ]
    const talk = await givenTalk(scene, steps, { responder: [responder] })
    await using _ = talk.consumer
    await talk.says('go', 'It is on its way')
  },
)

test('a dialog that hands a message to the starters says its text once, also when they lead back to it', async () => {
  const scene = await anotherScene(server)
  const back = { postProcessMessage: "botContext.setTriggerNextMessage('platform.default')" }
  const file = botOf([starterStep('go', 'a'), textStep('a', 'A', back)])
  Object.assign((file['conversationMessage'] as object[]).at(-1) ?? {}, back)
  const { botId } = await call<{ botId: string }>(scene, 'POST', 'bots', file)
  const told = []
  for (const message of ['go', 'other']) {
    const { outputs, notes } = await call<{ outputs: { text: string }[]; notes: object[] }>(
      scene,
      'POST',
      `bots/${botId}/talk`,
      { message },
    )
    told.push([...outputs.map(({ text }) => text), ...notes])
  }
  const again = (name: string) => ({
    interaction: expect.any(String),
    what: `The message leads to "${name}" again: the dialog ends here`,
  })
  expect(told).toEqual([
    ['A', again('s-go')],
    ['Nothing matches', again('sorry')],
  ])
})

test('a fallback dialog that is switched off leaves the word to the next one; without one that is named', async () => {
  const scene = await anotherScene(server)
  const file = botOf([starterStep('go', 'a'), textStep('a', 'A')])
  const off = { id: 'old', name: 'Old', dialogType: 'FALLBACK_DIALOG', status: 'DISABLED' }
  const [dialog, fallback] = file['groups'] as object[]
  const warningsOf = async (groups: unknown[]) => {
    const bot = { ...botOf([starterStep('go', 'a'), textStep('a', 'A')]), groups }
    return (await call<{ warnings: object[] }>(scene, 'POST', 'bots', bot)).warnings
  }

  const talk = await givenBot(scene, { ...file, groups: [dialog, off, fallback] })
  const { consumer, conversationId } = await givenConsumer(scene, talk.skillId)
  await using _ = consumer
  await ask(consumer, conversationId, 'other', 'Nothing matches')

  expect(await warningsOf([dialog, off, fallback])).toEqual([])
  expect(await warningsOf([dialog, off])).toContainEqual({
    interaction: 'Test',
    what: 'has its fallback dialog switched off: a message that nothing matches is not answered',
  })
})

test('a turn fills in so many variables only: a text that would become too long for the server is cut, and that is noted', async () => {
  const scene = await anotherScene(server)
  const long = {
    preProcessMessage: "botContext.setBotVariable('x', 'long'.repeat(5000), true, false)",
  }
  const file = botOf([starterStep('go', 'a'), textStep('a', '{x}'.repeat(60_000), long)])
  const { botId } = await call<{ botId: string }>(scene, 'POST', 'bots', file)

  const { outputs, notes } = await call<{
    outputs: { text: string }[]
    notes: { interaction: string; what: string }[]
  }>(scene, 'POST', `bots/${botId}/talk`, { message: 'go' })

  expect(outputs).toMatchObject([{ text: expect.stringMatching(/^(long){100}/) }])
  expect(notes.map(({ what }) => what)).toEqual([
    'Left out variables: a turn fills in 5000000 characters at most',
    expect.stringMatching(/^Cut a text to \d+ characters$/),
  ])
})

test.each([
  ['no', 'Say "no"!', true],
  ['no', 'nobody', false],
  ['new york', 'New, York', true],
  ['c++', 'I know C++.', true],
  ['c++', 'Vitamin C', false],
  ['3.5', 'version 3.5 please', true],
  ['नमस्ते', 'नमस्ते दुनिया', true],
  ['स', 'नमस्ते दुनिया', false],
  ['caf\u00e9', 'a cafe\u0301 here', true],
  ['Cafe\u0301', 'a caf\u00e9 here', true],
  ['', 'hello!', false],
  [' ', 'hello!', false],
])('the keyword "%s" excludes the message "%s": %s', async (keyword, message, isExcluded) => {
  const scene = await anotherScene(server)
  const patternMatch = { patterns: ['*'], excludeKeywords: [keyword] }
  const responseMatches = [ruleTo('taken', { matchType: 'PATTERN', patternMatch }), ruleTo('left')]
  const question = { ...textStep('q', 'What?'), interactionType: 'TEXT_QUESTION', responseMatches }
  const file = botOf([
    starterStep('go', 'q'),
    question,
    textStep('taken', 'Taken'),
    textStep('left', 'Left out'),
  ])
  const { botId } = await call<{ botId: string }>(scene, 'POST', 'bots', file)
  const talk = (line: object) =>
    call<{ state: object; outputs: { text?: string }[] }>(scene, 'POST', `bots/${botId}/talk`, line)
  const { state } = await talk({ message: 'go' })

  const { outputs } = await talk({ message, state })

  expect(outputs.map(({ text }) => text)).toEqual([isExcluded ? 'Left out' : 'Taken'])
})
