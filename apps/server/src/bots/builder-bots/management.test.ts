import type { BotImport, BuilderBot, BuilderSteps } from '@parley/contract'
import { login } from '@parley/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  anotherScene,
  call,
  givenSkill,
  openAgentSocket,
  startTestServer,
  type TestServer,
} from '#testing'
import {
  ask,
  botOf,
  exportOf,
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

const FALLBACK = 'I only know pizza. Say "hello" or "order".'

test('each member of a bot is changed by itself, and the others stay', async () => {
  const scene = await anotherScene(server)
  const { botId } = await call<BotImport>(scene, 'POST', 'bots', exportOf('help-desk'))
  const path = `bots/${botId}`
  const skillId = await givenSkill(scene)
  const escalation = {
    skillId,
    messageToCustomer: 'One moment',
    messageToAgent: 'From the bot',
    transferFailureMessage: 'Nobody is there',
  }
  const changes = {
    skillIds: [skillId],
    escalation,
    skillMap: { 4711: skillId },
    answers: { 'Order status': { status: 200, body: { state: 'shipped' } } },
  }

  const { updatedAt: _, ...before } = await call<BuilderBot>(scene, 'GET', path)
  let expected: object = before
  for (const change of Object.entries(changes)) {
    expected = { ...expected, ...Object.fromEntries([change]) }
    const changed = await call<BuilderBot>(scene, 'PATCH', path, Object.fromEntries([change]))
    expect(changed).toMatchObject(expected)
    expect(await call(scene, 'GET', path)).toEqual(changed)
  }
  // A new export changes none of them.
  await call(scene, 'PUT', path, exportOf('help-desk'))
  expect(await call(scene, 'GET', path)).toMatchObject({ ...expected, revision: 2 })
})

test('changes of a bot that come at once are all kept', async () => {
  const scene = await anotherScene(server)
  const { botId } = await call<BotImport>(scene, 'POST', 'bots', exportOf('help-desk'))
  const path = `bots/${botId}`
  const skillIds = [await givenSkill(scene)]
  const { escalation } = await call<BuilderBot>(scene, 'GET', path)

  for (const [channel, messageToCustomer] of [
    ['chat', 'One moment'],
    ['messaging', 'Please wait'],
    ['chat', 'Just a second'],
  ]) {
    const changes = {
      channels: [channel],
      escalation: { ...escalation, messageToCustomer },
      skillIds,
    }
    const sent = Object.entries(changes).map((change) =>
      call(scene, 'PATCH', path, Object.fromEntries([change])),
    )
    await Promise.all(sent)
    expect(await call(scene, 'GET', path)).toMatchObject(changes)
  }
})

test('one export that is imported many times at once makes one bot, and another export of it is told which bot it replaces', async () => {
  const scene = await anotherScene(server)
  const file = exportOf('pizza')

  const imported = await Promise.all(
    Array.from({ length: 8 }, () => call<BotImport>(scene, 'POST', 'bots', file)),
  )

  const [bot] = imported
  expect(imported).toEqual(imported.map(() => bot))
  expect(await call(scene, 'GET', 'bots')).toMatchObject({ bots: [{ botId: bot?.botId }] })
  const refused = await native(scene, 'POST', 'bots', { ...file, menus: ['new'] })
  expect(refused.status).toBe(409)
  const { message } = JSON.parse(refused.text).error
  const { id, name } = file['bot'] as { id: string; name: string }
  const made = `as "${name}" (${bot?.botId}): replace its export`
  expect(message).toBe(`The bot "${id}" is there already, ${made}`)
})

test('a bot that is offline keeps its conversation and takes no other; deleted it is only without any', async () => {
  const scene = await anotherScene(server)
  const { botId, skillId } = await givenBot(scene, exportOf('pizza'))
  const first = await givenConsumer(scene, skillId)
  await using _ = first.consumer
  await ask(first.consumer, first.conversationId, 'what?', FALLBACK)

  const stopped = await call<BuilderBot>(scene, 'PUT', `bots/${botId}/state`, { state: 'offline' })
  expect(stopped).toMatchObject({ state: 'offline', openConversations: 1 })
  const second = await givenConsumer(scene, skillId)
  await using __ = second.consumer
  await second.consumer.say(second.conversationId, 'anybody?')
  await ask(first.consumer, first.conversationId, 'still there?', FALLBACK)
  const heard = second.consumer.messages(second.conversationId)
  expect(heard.filter(({ role }) => role === 'ASSIGNED_AGENT')).toEqual([])
  const refused = await native(scene, 'DELETE', `bots/${botId}`)
  expect([refused.status, refused.text]).toEqual([
    409,
    expect.stringContaining('"The bot has 1 open conversation"'),
  ])

  await call(scene, 'PUT', `bots/${botId}/state`, { state: 'online' })
  await second.consumer.message(second.conversationId, ({ text }) => text === FALLBACK)
  for (const { consumer, conversationId } of [first, second]) {
    await consumer.request('cm.UpdateConversationField', {
      conversationId,
      conversationField: [{ field: 'ConversationStateField', conversationState: 'CLOSE' }],
    })
  }
  await expect.poll(async () => (await native(scene, 'DELETE', `bots/${botId}`)).status).toBe(204)
  expect((await native(scene, 'GET', `bots/${botId}`)).status).toBe(404)
})

test('a skill that is not in the skill map is the default skill, with the messages of the escalation', async () => {
  const scene = await anotherScene(server)
  const peopleId = await givenSkill(scene)
  const escalate = {
    ...textStep('away', 'Handing over'),
    interactionType: 'ESCALATION',
    content: {
      results: {
        tile: { tileData: [{ text: 'Handing over', escalation: { agentSkillId: '4711' } }] },
      },
    },
  }
  const escalation = {
    skillId: peopleId,
    messageToCustomer: 'One moment',
    messageToAgent: 'From the bot',
    transferFailureMessage: 'Nobody is there',
  }
  const file = botOf([starterStep('person', 'away'), escalate])
  const { skillId } = await givenBot(scene, file, { escalation })
  const session = await login(scene, scene.agents[0]!)
  await call(scene, 'PATCH', `users/${session.userId}`, { skillIds: [peopleId] })
  await using agent = await openAgentSocket(scene, { ...session, pid: session.pid ?? '' })
  await agent.goOnline()
  const { consumer, conversationId } = await givenConsumer(scene, skillId)
  await using _ = consumer

  await consumer.say(conversationId, 'person')
  await agent.accept(conversationId)
  await agent.message(conversationId, ({ text }) => text === 'From the bot')

  const saidTo = ({ messages }: Pick<typeof consumer, 'messages'>) =>
    messages(conversationId)
      .filter(({ role }) => role === 'ASSIGNED_AGENT')
      .map(({ text }) => text)
  expect(saidTo(agent)).toEqual([
    'Handing over',
    'Summary of the bot: Test\nDialog: Dialog, away',
    'One moment',
    'From the bot',
  ])
  await consumer.message(conversationId, ({ text }) => text === 'One moment')
  expect(saidTo(consumer)).toEqual(['Handing over', 'One moment'])
})

test('the steps of a bot are read with where they lead, without code and keys, and what will not run', async () => {
  const scene = await anotherScene(server)
  const { botId, warnings } = await call<BotImport>(scene, 'POST', 'bots', exportOf('help-desk'))

  const steps = await call<BuilderSteps>(scene, 'GET', `bots/${botId}/steps`)

  expect(steps).toMatchObject({ revision: 1, warnings, hosts: [] })
  const [help] = steps.dialogs
  expect(help).toMatchObject({ name: 'Help', isFallback: false, isOn: true })
  const find = (name: string) => help?.steps.find((step) => step.name === name)
  expect(find('s-help')).toMatchObject({ kind: 'DIALOG_STARTER', patterns: ['help'] })
  expect(find('Topic')).toMatchObject({
    kind: 'TEXT_QUESTION',
    rules: [{ when: [{ kind: 'EVAL_OPTION' }], to: 'Hand over' }, { to: 'Topic' }, { to: 'Topic' }],
  })
  expect(find('Ask the function')?.calls).toEqual({
    name: 'Order status',
    functionId: '00000000-0000-4000-8000-000000000001',
  })
  expect(JSON.stringify(steps)).not.toMatch(/botContext\.(get|set)/)
  // It is looked through once, not with every view.
  const { db } = scene.context.store
  const rows = db.updateTable('builderBotRevision').where('botId', '=', botId)
  await rows.set({ file: 'no export' }).execute()
  expect(await call(scene, 'GET', `bots/${botId}/steps`)).toEqual(steps)
  const refused = await native(scene, 'GET', 'bots/00000000-0000-4000-8000-000000000009/steps')
  expect(refused.status).toBe(404)
})

test('an export that would be too large as it is stored is not taken', async () => {
  const scene = await anotherScene(server)
  // Five characters, and 22 where all digits are written.
  const numbers = Array.from({ length: 200_000 }, () => '1e20').join()
  const send = (method: string, path: string, text: string) => {
    const url = `${scene.url}/api/v1/accounts/${scene.accountId}/${path}`
    const headers = {
      authorization: `Bearer ${scene.adminBearer}`,
      'content-type': 'application/json',
    }
    return fetch(url, { method, headers, body: text })
  }
  const small = botOf([])
  const large = `{"demo":[${numbers}],${JSON.stringify(small).slice(1)}`

  const imported = await send('POST', 'bots', large)
  expect([imported.status, await imported.text()]).toEqual([
    400,
    expect.stringContaining('The export has'),
  ])
  const { botId } = await call<BotImport>(scene, 'POST', 'bots', small)
  const replaced = await send('PUT', `bots/${botId}`, large)
  expect([replaced.status, await replaced.text()]).toEqual([
    400,
    expect.stringContaining('The export has'),
  ])
  expect(await call(scene, 'GET', `bots/${botId}/steps`)).toMatchObject({ revision: 1 })
})

test('of an export with very many findings as many are told as anybody reads', async () => {
  const scene = await anotherScene(server)
  const calls = Array.from({ length: 6_000 }, (_, at) => `botContext.a${at}()`)
  const file = botOf([textStep('many', 'Text', { preProcessMessage: calls.join(';') })])

  const { warnings } = await call<BotImport>(scene, 'POST', 'bots', file)

  expect(warnings).toHaveLength(5_001)
  expect(warnings.at(-1)).toEqual({
    interaction: 'many',
    what: 'has more than 5000 findings: the rest is left out',
  })
})
