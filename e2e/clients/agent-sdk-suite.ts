import { join } from 'node:path'
import { openConsumer } from '@parley/client'
import { eventually } from '../live/eventually.ts'
import { expectThat, type Operations } from './operations.ts'
import type { WithParley } from './with-parley.ts'

const CHILD = join(import.meta.dirname, 'children', 'agent-sdk.cjs')

interface Told {
  step: string
  value: unknown
}

/** A conversation between a consumer and an agent that knows nothing of Parley. */
async function converse(withParley: WithParley, credentials: object): Promise<Told[]> {
  const { endpoint, firstRun } = withParley.parley
  const [skillId = '', otherSkillId = ''] = firstRun.skillIds
  const told: Told[] = []
  const conf = { accountId: endpoint.accountId, refreshSessionInterval: REFRESH_MS, ...credentials }
  const tellsAgain = (step: string, times: number) =>
    eventually(
      `The agent says "${step}"`,
      () => told.filter((line) => line.step === step).length >= times || undefined,
    )
  const running = withParley.run(['node', CHILD, JSON.stringify(conf), otherSkillId], {
    onMessage: (line) => {
      if (line.startsWith('{')) told.push(JSON.parse(line) as Told)
    },
    patienceMs: 90_000,
  })
  try {
    await tellsAgain('ready', 1)
    using consumer = await openConsumer(endpoint)
    const heard: string[] = []
    consumer.socket.subscribe(({ body }) => heard.push(JSON.stringify(body)))
    const hears = (text: string) =>
      eventually(
        `The consumer hears "${text}"`,
        () => heard.some((body) => body.includes(text)) || undefined,
      )
    const conversationId = await consumer.openConversation(skillId)
    await consumer.say(conversationId, 'I have a question')
    await hears('Hello from the SDK')
    await consumer.say(conversationId, 'show me a card')
    await hears('"id":"card-1"')
    await consumer.say(conversationId, 'another skill please')
    await tellsAgain('updateRingState', 2)
    await consumer.say(conversationId, 'come again')
    await hears('Back again')
    await tellsAgain('refresh', 2)
    await consumer.say(conversationId, 'please close')
    await running
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new Error(`${why}\n${told.map((line) => JSON.stringify(line)).join('\n')}`, {
      cause: error,
    })
  }
  return told
}

const REFRESH_MS = 1000

const METHODS = [
  'getClock',
  'setAgentState',
  'subscribeAgentsState',
  'subscribeExConversations',
  'subscribeRoutingTasks',
  'updateRingState',
  'getUserProfile',
  'subscribeMessagingEvents',
  'publishEvent',
  'updateConversationField',
]

export async function showAgentSdk(withParley: WithParley, { show }: Operations): Promise<void> {
  const { agents } = withParley.parley.firstRun
  const [first] = agents
  let told: Told[] = []
  await show('agent SDK: a conversation from ring to close', async () => {
    told = await converse(withParley, { username: first?.user, password: first?.password })
    expectThat(!told.some(({ step }) => step === 'error'), told)
  })
  for (const method of METHODS) {
    await show(`agent SDK: ${method}`, async () => {
      expectThat(
        told.some(({ step }) => step === method),
        told.filter(({ step }) => step.startsWith(method)),
      )
      expectThat(!told.some(({ step }) => step === `${method} failed`), told)
    })
  }
  const rest: [operation: string, step: string, times: number][] = [
    ['rich content with metadata', 'publishEvent', 2],
    ['transfer to a skill', 'updateRingState', 2],
    ['reconnect with the same token', 'reconnect with the same token', 1],
    ['reconnect with a new login', 'reconnect with a new login', 1],
    ['refresh of the session', 'refresh', 2],
  ]
  for (const [operation, step, times] of rest) {
    await show(`agent SDK: ${operation}`, async () => {
      expectThat(told.filter((line) => line.step === step).length >= times, told)
      expectThat(!told.some((line) => line.step === `${step} failed`), told)
    })
  }
  await show('agent SDK: nothing heard twice after a reconnect', async () => {
    expectThat(!told.some(({ step }) => step === 'heard twice'), told)
  })
  await show('agent SDK: notifications of conversations and messages', async () => {
    expectThat(
      told.some(
        ({ step, value }) =>
          step === 'conversation' && JSON.stringify(value).includes('"assigned":true'),
      ),
      told,
    )
    expectThat(
      told.some(
        ({ step, value }) =>
          step === 'message' && JSON.stringify(value).includes('I have a question'),
      ),
      told,
    )
  })
  await show('agent SDK: wrong password', async () => {
    const { endpoint } = withParley.parley
    const credentials = { accountId: endpoint.accountId, username: first?.user, password: 'wrong' }
    const { text } = await withParley.run(['node', CHILD, JSON.stringify(credentials)])
    expectThat(/"step":"error"/.test(text) && !text.includes('"step":"connected"'), text)
  })
}
