import type { BuilderBot, Connector, FunctionDetail, Survey } from '@parley/contract'
import { expect, onTestFinished, test, vi } from 'vitest'
import { anotherScene, call, type Scene, startTestServer } from '#testing'

const SKILL = { name: 'A skill', skillId: '7777' }
const CODE = 'function lambda(input, callback) { callback(null, []) }'
const ESCALATION = { messageToCustomer: '', messageToAgent: '', transferFailureMessage: '' }

/** Holds the next transaction until it is let go on. */
function holdNextTransaction({ context: { store } }: Awaited<ReturnType<typeof startTestServer>>) {
  const transaction: (work: never) => Promise<never> = store.transaction.bind(store)
  const [isAsked, mayBegin] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const spy = vi.spyOn(store, 'transaction')
  onTestFinished(() => spy.mockRestore())
  spy.mockImplementationOnce(async (work) => {
    isAsked.resolve()
    await mayBegin.promise
    return await transaction(work as never)
  })
  return { isAsked: isAsked.promise, goOn: mayBegin.resolve }
}

interface Naming {
  method: string
  path: string
  body: object
}

const functionWith = (skills: string[]) => ({
  name: 'f',
  description: 'For some',
  eventId: 'controllerbot_messaging_new_conversation',
  code: CODE,
  skills,
})

async function aConnector(scene: Scene): Promise<Connector> {
  const draft = functionWith([])
  const { functionId } = await call<FunctionDetail>(scene, 'POST', 'functions', draft)
  return await call<Connector>(scene, 'POST', 'connectors', {
    name: 'Robo',
    skillIds: ['1001'],
    channels: ['messaging'],
    welcome: false,
    engagementAttributes: false,
    vendor: { kind: 'function', functionId },
    escalation: { ...ESCALATION, skillId: '1001' },
  })
}

async function aBot(scene: Scene): Promise<{ botId: string }> {
  const [bot, groups] = [{ id: 'held', name: 'Test' }, [{ id: 'd', name: 'Dialog' }]]
  return await call<BuilderBot>(scene, 'POST', 'bots', { bot, groups, conversationMessage: [] })
}

/** What names the skill, in each place that keeps one. */
const NAMINGS: [string, (scene: Scene) => Naming | Promise<Naming>][] = [
  [
    'a survey',
    async (scene) => {
      const { surveyId } = await call<Survey>(scene, 'POST', 'surveys', {
        name: 'Asked after sales',
        questions: [{ id: 'why', kind: 'free-text', text: 'Why?' }],
        fallback: 'Please answer',
      })
      const body = { skillIds: ['1001', '7777'] }
      return { method: 'PUT', path: `surveys/${surveyId}/skills`, body }
    },
  ],
  [
    'an automatic message',
    () => {
      const path = 'automatic-messages/CONV_AWAITING_IN_QUEUE?skillId=7777'
      return { method: 'PUT', path, body: { text: 'Wait' } }
    },
  ],
  [
    'a calendar',
    () => ({
      method: 'PUT',
      path: 'calendars/7777',
      body: { timeZone: 'Europe/Berlin', week: {} },
    }),
  ],
  [
    'a new function',
    () => ({ method: 'POST', path: 'functions', body: functionWith(['7777', '1001']) }),
  ],
  [
    'a function',
    async (scene) => {
      const { functionId } = await call<FunctionDetail>(
        scene,
        'POST',
        'functions',
        functionWith([]),
      )
      return { method: 'PATCH', path: `functions/${functionId}`, body: { skills: ['7777'] } }
    },
  ],
  [
    'the escalation of a connector',
    async (scene) => {
      const { connectorId } = await aConnector(scene)
      const escalation = { ...ESCALATION, skillId: '7777' }
      return { method: 'PATCH', path: `connectors/${connectorId}`, body: { escalation } }
    },
  ],
  [
    'the skill map of a bot',
    async (scene) => {
      const { botId } = await aBot(scene)
      return { method: 'PATCH', path: `bots/${botId}`, body: { skillMap: { 4711: '7777' } } }
    },
  ],
]

test.each(NAMINGS)('%s is not given a skill that is deleted meanwhile', async (_, named) => {
  await using server = await startTestServer()
  const scene = await anotherScene(server)
  await call(scene, 'POST', 'skills', SKILL)
  const { method, path, body } = await named(scene)
  const held = holdNextTransaction(server)

  const url = `/api/v1/accounts/${scene.accountId}/${path}`
  const answer = server.request(method, url, { bearer: scene.adminBearer, body })
  await held.isAsked
  await call(scene, 'DELETE', 'skills/7777')
  held.goOn()

  const { status, text } = await answer
  expect([status, text]).toEqual([
    path.startsWith('calendars') ? 404 : 400,
    expect.stringContaining('No skill \\"7777\\"'),
  ])
})

test('bots that hand over to a deleted skill do not to a later one with its id, and their skill maps forget it', async () => {
  await using server = await startTestServer()
  const scene = await anotherScene(server)
  await call(scene, 'POST', 'skills', SKILL)
  const { connectorId } = await aConnector(scene)
  const { botId } = await aBot(scene)
  const escalation = { ...ESCALATION, messageToCustomer: 'A human will help you', skillId: '7777' }
  await call(scene, 'PATCH', `connectors/${connectorId}`, { escalation })
  await call(scene, 'PATCH', `bots/${botId}`, { skillMap: { 4711: '7777', 4712: '1001' } })

  await call(scene, 'DELETE', 'skills/7777')
  await call(scene, 'POST', 'skills', SKILL)

  const connector = await call<Connector>(scene, 'GET', `connectors/${connectorId}`)
  expect(connector.escalation).toEqual({ ...escalation, skillId: 'deleted-7777' })
  const bot = await call<BuilderBot>(scene, 'GET', `bots/${botId}`)
  expect(bot.skillMap).toEqual({ 4712: '1001' })
})
