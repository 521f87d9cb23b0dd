import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BotImport, Connector } from '@parley/contract'
import { expect } from 'vitest'
import { call, type Scene } from '#testing'
import { type DoorAttack, MANY, times } from './door.fixture.ts'

interface ExportOfBot {
  bot: { id: string }
  conversationMessage: { group: string; interactionType: string }[]
}

const PIZZA = readFileSync(
  join(import.meta.dirname, '../../../../../e2e/builder-bots/pizza.json'),
  'utf8',
)

/** A bot with an id of its own, and with as many interactions that are never reached as fit into an export. */
function botOf(id: string, bytes = 0): ExportOfBot {
  const file = JSON.parse(PIZZA) as ExportOfBot
  const text = file.conversationMessage.find(({ interactionType }) => interactionType === 'TEXT')
  const one = JSON.stringify(text).length + 50
  const unreached = times(Math.max(0, Math.floor((bytes - PIZZA.length) / one))).map((n) => ({
    ...text!,
    id: `unreached-${n}`,
    name: `unreached-${n}`,
  }))
  return {
    ...file,
    bot: { ...file.bot, id },
    conversationMessage: [...file.conversationMessage, ...unreached],
  }
}

async function talk(scene: Scene, botId: string): Promise<void> {
  const said = await call<{ outputs: unknown[] }>(scene, 'POST', `bots/${botId}/talk`, {
    message: 'hi',
  })
  expect(said.outputs.length).toBeGreaterThan(0)
}

async function givenBots(scene: Scene, count: number, bytes = 0): Promise<string[]> {
  const botIds: string[] = []
  for (const _ of times(count)) {
    const file = botOf(crypto.randomUUID(), bytes)
    botIds.push((await call<BotImport>(scene, 'POST', 'bots', file)).botId)
  }
  return botIds
}

export const importAndTalk: DoorAttack = async ({ scene }) => {
  for (const botId of await givenBots(scene, MANY)) await talk(scene, botId)
  return 'full'
}

export const importAgainAndTalk: DoorAttack = async ({ scene }) => {
  const id = crypto.randomUUID()
  const { botId } = await call<BotImport>(scene, 'POST', 'bots', botOf(id))
  for (const n of times(MANY)) {
    const { revision } = await call<BotImport>(
      scene,
      'PUT',
      `bots/${botId}`,
      botOf(id, 20_000 + n * 1_000),
    )
    expect(revision).toBe(n + 2)
    await talk(scene, botId)
  }
  return 'full'
}

/** Nearly as long as an export may be. */
const LARGE_BYTES = 1_900_000

export const importLargeAndTalk: DoorAttack = async ({ scene }) => {
  for (const botId of await givenBots(scene, MANY / 2, LARGE_BYTES)) await talk(scene, botId)
  return 'full'
}

export const talkToLargeAndSmallInTurn: DoorAttack = async ({ scene }) => {
  const large = await givenBots(scene, MANY / 2 + 1, LARGE_BYTES / 10)
  const [small = ''] = await givenBots(scene, 1)
  for (const botId of [...large, ...large]) {
    await talk(scene, botId)
    await talk(scene, small)
  }
  return 'full'
}

/** A bot that a program answers for, which nobody has started. */
async function givenConnector(scene: Scene, clientId: string, clientSecret: string) {
  const vendor = {
    kind: 'endpoint',
    baseUrl: 'http://127.0.0.1:9',
    botId: 'b'.repeat(200),
    environment: 'e'.repeat(200),
    clientId,
    clientSecret,
  }
  const { connectorId } = await call<Connector>(scene, 'POST', 'connectors', {
    name: `Robo ${crypto.randomUUID()}`,
    skillIds: ['1001'],
    channels: ['messaging'],
    welcome: false,
    engagementAttributes: false,
    vendor,
    escalation: {
      skillId: '1002',
      messageToCustomer: 'A human will help you',
      messageToAgent: 'The bot gave up',
      transferFailureMessage: 'Nobody can help you now',
    },
  })
  return `connectors/${connectorId}`
}

async function connectorsOf(scene: Scene) {
  const { clientId, clientSecret } = await call<{ clientId: string; clientSecret: string }>(
    scene,
    'POST',
    'clients',
    { name: 'bot', scopes: ['thirdpartybots.customendpoint.bot'] },
  )
  return {
    make: () => givenConnector(scene, clientId, clientSecret),
    ask: async (path: string) =>
      expect(await call(scene, 'POST', `${path}/test`)).toMatchObject({ ok: false }),
  }
}

export const testManyConnectors: DoorAttack = async ({ scene }) => {
  const connectors = await connectorsOf(scene)
  for (const _ of times(MANY)) await connectors.ask(await connectors.make())
  return 'full'
}

export const makeConnectorsAroundOne: DoorAttack = async ({ scene }) => {
  const connectors = await connectorsOf(scene)
  const talking = await connectors.make()
  for (const _ of times(MANY)) {
    const other = await connectors.make()
    await connectors.ask(other)
    await connectors.ask(talking)
    await call(scene, 'DELETE', other)
  }
  return 'full'
}
