import {
  createCipheriv,
  generateKeyPairSync,
  type KeyObject,
  publicEncrypt,
  randomBytes,
} from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  anotherScene,
  call,
  type ConsumerSocket,
  lambdasOf,
  openAgentSocket,
  openConsumerSocket,
  type Scene,
  startTestServer,
  type TestServer,
} from '../../apps/server/testing/index.ts'

/** Functions of our own in the style of public ones, each against a live conversation. */
let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const NEW = 'controllerbot_messaging_new_conversation'
const PARTICIPANTS = 'controllerbot_messaging_participants_change'

async function deploy(
  scene: Scene,
  name: string,
  eventId: string,
  environment: Record<string, string> = {},
): Promise<string> {
  const code = readFileSync(join(import.meta.dirname, 'functions', `${name}.js`), 'utf8')
  const environmentVariables = Object.entries(environment).map(([key, value]) => ({ key, value }))
  return lambdasOf(scene).deployed(code, { eventId, implementation: { environmentVariables } })
}

const saying = (words: string) => (message: { text: string | undefined }) =>
  message.text?.includes(words) ?? false

/** Opens a conversation that an agent takes. */
async function served(scene: Scene, consumer: ConsumerSocket, skillId: string): Promise<string> {
  await using agent = await openAgentSocket(scene, scene.agents[0]!)
  await agent.goOnline()
  const conversationId = await consumer.openConversation({ skillId })
  await agent.accept(conversationId)
  return conversationId
}

interface Run {
  functionId: string
  outcome: string
  result: unknown
}
const runsOf = async (scene: Scene, conversationId: string) =>
  (await call<{ invocations: Run[] }>(scene, 'GET', `invocations?conversationId=${conversationId}`))
    .invocations

test('a participants change reads the skill in routing', async () => {
  const scene = await anotherScene(server)
  const functionId = await deploy(scene, 'vip-greeting', PARTICIPANTS, { VIP_SKILLS: '7,1001' })
  await using consumer = await openConsumerSocket(scene)
  const vip = await served(scene, consumer, '1001')
  await consumer.message(vip, saying('Your personal adviser is here.'))

  await using other = await openConsumerSocket(scene)
  const plain = await served(scene, other, '1002')
  const ran = async () =>
    (await runsOf(scene, plain)).filter((run) => run.functionId === functionId)
  await expect.poll(async () => (await ran()).length).toBeGreaterThan(0)
  for (const run of await ran()) expect(run).toMatchObject({ outcome: 'SUCCEEDED', result: [] })
})

test('an agent who joined is found in the list of users by its pid', async () => {
  const scene = await anotherScene(server)
  await deploy(scene, 'agent-name', PARTICIPANTS)
  const { skills } = await call<{ skills: { name: string }[] }>(scene, 'GET', 'skills')
  const names = skills.map(({ name }) => name).join(', ')
  await using consumer = await openConsumerSocket(scene)
  const conversationId = await served(scene, consumer, '1001')
  await consumer.message(conversationId, saying(`Agent 1 (${names}) is here.`))
})

test('properties of the context service outlive a conversation', async () => {
  const scene = await anotherScene(server)
  const { apiKey } = await call<{ apiKey: string }>(scene, 'GET', 'context-store/key')
  await call(scene, 'POST', 'secrets', { name: 'context-key', value: apiKey })
  await deploy(scene, 'context-properties', NEW)
  const context = { conversationContext: { type: 'SharkContext', visitorId: 'v-42' } }
  for (const words of ['Visit 1. Welcome!', 'Visit 2. Welcome back!']) {
    await using consumer = await openConsumerSocket(scene)
    const conversationId = await consumer.openConversation({ skillId: '1001', ...context })
    await consumer.message(conversationId, saying(words))
  }
  const path = `/v1/account/${scene.accountId}/visits/v-42/properties`
  const headers = { 'maven-api-key': apiKey }
  expect((await scene.request('GET', path, { headers })).json()).toMatchObject({
    visits: 2,
    channel: 'web',
    last: { convId: expect.any(String) },
  })
})

test('a bot user works with a bearer that a JSON secret keeps', async () => {
  const scene = await anotherScene(server)
  const username = 'helper-bot'
  await call(scene, 'POST', 'users', { loginName: username, kind: 'bot', role: 'agent-manager' })
  const value = { username, ...scene.apiKey, bearer: '' }
  await call(scene, 'POST', 'secrets', { name: 'bot-session', type: 'json', value })
  const functionId = await deploy(scene, 'bot-bearer', NEW)
  for (let turn = 0; turn < 2; turn += 1) {
    await using consumer = await openConsumerSocket(scene)
    const conversationId = await consumer.openConversation({ skillId: '1001' })
    await consumer.message(conversationId, saying('Skill 1001, status OPEN'))
  }
  // It logged in once, the secret is still JSON, and the bearer is in no log.
  const logs = await lambdasOf(scene).native('GET', `/logs?functionId=${functionId}`)
  expect(logs.json<{ entries: object[] }>().entries).toMatchObject([
    { message: 'logged in', extras: [{ headers: { Authorization: '[secret]' } }] },
  ])
  expect(await call(scene, 'GET', 'secrets')).toMatchObject({
    secrets: [{ name: 'bot-session', type: 'json', version: 2 }],
  })
})

/** A compact JWE (RFC 7516) of RSA-OAEP-256 and A256GCM. */
function encrypted(publicKey: KeyObject, claims: object): string {
  const header = Buffer.from('{"alg":"RSA-OAEP-256","enc":"A256GCM"}').toString('base64url')
  const [key, iv] = [randomBytes(32), randomBytes(12)]
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(header))
  const text = Buffer.concat([cipher.update(JSON.stringify(claims)), cipher.final()])
  const sealedKey = publicEncrypt({ key: publicKey, oaepHash: 'sha256' }, key)
  const parts = [sealedKey, iv, text, cipher.getAuthTag()].map((part) => part.toString('base64url'))
  return [header, ...parts].join('.')
}

test('a JWE in an engagement attribute is decrypted with a secret key', async () => {
  const scene = await anotherScene(server)
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  await call(scene, 'POST', 'secrets', { name: 'jwe-key', value: pem })
  await deploy(scene, 'jwe-customer', NEW)
  for (const firstName of ['Ada', 'Grace']) {
    const customerId = encrypted(publicKey, { firstName, tier: 'gold' })
    await using consumer = await openConsumerSocket(scene)
    await consumer.request('userprofile.SetUserProfile', {
      authenticatedData: { lp_sdes: [{ type: 'ctmrinfo', info: { customerId } }] },
    })
    const conversationId = await consumer.openConversation({ skillId: '1001' })
    await consumer.message(conversationId, saying(`Hello ${firstName}, thank you for being gold.`))
  }
})
