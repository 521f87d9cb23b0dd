import type { BotError, BotImport } from '@parley/contract'
import { botErrorName } from '@parley/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { anotherScene, call, givenSkill, startTestServer, type TestServer } from '#testing'
import {
  botOf,
  givenBot,
  givenConsumer,
  native,
  starterStep,
  textStep,
} from './builder-bots.fixture.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const card = JSON.stringify({ type: 'image', url: 'https://evil.example/i.png' })
const tileData = [{ universalWidget: { leMessageJson: card } }]
interface Talk {
  outputs: { text: string; quickReplies?: object[] }[]
  notes: object[]
}
const file = () =>
  botOf([
    starterStep('show', 'card'),
    { id: 'card', interactionType: 'UNIVERSAL', content: { results: { tile: { tileData } } } },
  ])

test('what failed in a bot is listed with its reason, the newest first', async () => {
  const scene = await anotherScene(server)
  await call(scene, 'PATCH', 'settings', { messaging: { imageHosts: ['images.example'] } })
  const escalation = {
    skillId: await givenSkill(scene),
    messageToCustomer: 'A human will help you',
    messageToAgent: '',
    transferFailureMessage: '',
  }
  const { botId, skillId } = await givenBot(scene, file(), { escalation })
  const failed: string[] = []
  for (let at = 0; at < 2; at += 1) {
    const { consumer, conversationId } = await givenConsumer(scene, skillId)
    await using _ = consumer
    await consumer.say(conversationId, 'show')
    await consumer.message(conversationId, ({ text }) => text === 'A human will help you')
    await scene.clock.advance(0)
    failed.unshift(conversationId)
  }

  const { errors } = await call<{ errors: BotError[] }>(scene, 'GET', `bots/${botId}/errors`)

  expect(errors).toMatchObject(
    failed.map((conversationId) => ({
      channel: 'messaging',
      conversationId,
      name: botErrorName('connector.messaging.send-message'),
      reason: 'message.content: the account takes no images from evil.example',
    })),
  )
  const [newest] = errors
  const older = `bots/${botId}/errors?beforeId=${newest?.errorId}`
  expect(await call(scene, 'GET', older)).toEqual({ errors: errors.slice(1) })
  expect((await native(scene, 'GET', `connectors/${botId}/errors`)).status).toBe(404)
  expect((await native(await anotherScene(server), 'GET', `bots/${botId}/errors`)).status).toBe(404)
})

test('quick replies of code beyond 24 are noted, and those up to 24 are all shown', async () => {
  const scene = await anotherScene(server)
  const replies = (count: number) => `Array.from({ length: ${count} }, (_none, at) => 'T' + at)`
  const steps = (pattern: string, preProcessMessage: string) => [
    starterStep(pattern, `t-${pattern}`),
    textStep(`t-${pattern}`, 'Which?', { preProcessMessage }),
  ]
  const { botId } = await call<BotImport>(
    scene,
    'POST',
    'bots',
    botOf([
      ...steps('more', `botContext.addQuickReplies(${replies(25)})`),
      ...steps('most', `botContext.addQuickReples(${replies(24)})`),
      ...steps('say', `botContext.sendMessageWithQuickReplies('Which?', ${replies(30)})`),
    ]),
  )
  const what = 'Left out what is beyond 24 quick replies'

  for (const [message, notes] of [
    ['more', [{ interaction: 't-more', what }]],
    ['most', []],
    ['say', [{ interaction: 't-say', what }]],
  ]) {
    const answer = await call<Talk>(scene, 'POST', `bots/${botId}/talk`, { message })
    expect(answer.notes).toEqual(notes)
    expect(answer.outputs[0]?.quickReplies).toHaveLength(24)
  }
})

test('a dialog without anything in it and quick replies beyond 24 are named, and a fallback dialog that is empty leaves the word to the next one', async () => {
  const scene = await anotherScene(server)
  const quickReplies = Array.from({ length: 30 }, (_none, at) => ({ title: `T${at}` }))
  const action = (name: string) => ({ responseMatches: [{ action: { name, value: 'empty' } }] })
  const bot = botOf([
    starterStep('go', 'many'),
    { ...textStep('many', 'Which?', { quickReplies }), interactionType: 'QUICK_REPLY' },
    textStep('a', 'A', action('DIALOG')),
    textStep('b', 'B', action('INTERACTION')),
  ])
  const [dialog, fallback] = bot['groups'] as object[]
  const empty = { id: 'empty', name: 'Empty', dialogType: 'FALLBACK_DIALOG' }
  const imported = (groups: unknown[]) =>
    call<BotImport>(scene, 'POST', 'bots', {
      ...bot,
      bot: { id: crypto.randomUUID(), name: 'Test' },
      groups,
    })
  const said = (botId: string, message: string) =>
    call<Talk>(scene, 'POST', `bots/${botId}/talk`, { message })

  const { botId, warnings } = await imported([dialog, empty, fallback])
  expect(warnings).toEqual([
    { interaction: 'many', what: 'has 30 quick replies: the first 24 are shown' },
    { interaction: 'a', what: 'goes to a dialog "empty" that has nothing in it' },
    { interaction: 'b', what: 'goes to an interaction "empty" that has nothing in it' },
  ])
  const { notes, outputs } = await said(botId, 'go')
  expect(outputs[0]?.quickReplies).toHaveLength(24)
  expect(notes).toEqual([{ interaction: 'many', what: 'Left out what is beyond 24 quick replies' }])
  expect((await said(botId, 'other')).outputs).toMatchObject([{ text: 'Nothing matches' }])

  expect((await imported([dialog, empty])).warnings).toContainEqual({
    interaction: 'Test',
    what: 'has nothing in its fallback dialog: a message that nothing matches is not answered',
  })
})
