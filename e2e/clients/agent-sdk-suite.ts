import { join } from 'node:path'
import { openConsumer } from '@parley/client'
import { eventually } from '../live/eventually.ts'
import { expectThat, type Operations } from './operations.ts'
import type { WithParley } from './with-parley.ts'

const CHILD = join(import.meta.dirname, 'children', 'agent-sdk.cjs')

interface Step {
  step: string
  value: unknown
}

/** A conversation between a consumer and an agent that knows nothing of Parley. */
async function converse(withParley: WithParley, credentials: object): Promise<Step[]> {
  const { endpoint, firstRun } = withParley.parley
  const [skillId = '', otherSkillId = ''] = firstRun.skillIds
  const steps: Step[] = []
  const conf = { accountId: endpoint.accountId, refreshSessionInterval: REFRESH_MS, ...credentials }
  const reports = (step: string, times: number) =>
    eventually(
      `The agent says "${step}"`,
      () => steps.filter((line) => line.step === step).length >= times || undefined,
    )
  const running = withParley.run(['node', CHILD, JSON.stringify(conf), otherSkillId], {
    onLine: (line) => {
      if (line.startsWith('{')) steps.push(JSON.parse(line) as Step)
    },
  })
  try {
    await reports('ready', 1)
    using consumer = await openConsumer(endpoint)
    const received: string[] = []
    consumer.socket.subscribe(({ body }) => received.push(JSON.stringify(body)))
    const receives = (text: string) =>
      eventually(
        `The consumer gets "${text}"`,
        () => received.some((body) => body.includes(text)) || undefined,
      )
    const conversationId = await consumer.openConversation(skillId)
    await consumer.say(conversationId, 'I have a question')
    await receives('Hello from the SDK')
    await consumer.say(conversationId, 'show me a card')
    await receives('"id":"card-1"')
    await consumer.say(conversationId, 'another skill please')
    await reports('updateRingState', 2)
    await consumer.say(conversationId, 'come again')
    await receives('Back again')
    await reports('refresh', 2)
    await consumer.say(conversationId, 'please close')
    await running
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new Error(`${why}\n${steps.map((line) => JSON.stringify(line)).join('\n')}`, {
      cause: error,
    })
  }
  return steps
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
  let steps: Step[] = []
  await show('agent SDK: a conversation from ring to close', async () => {
    steps = await converse(withParley, { username: first?.user, password: first?.password })
    expectThat(!steps.some(({ step }) => step === 'error'), steps)
  })
  for (const method of METHODS) {
    await show(`agent SDK: ${method}`, async () => {
      expectThat(
        steps.some(({ step }) => step === method),
        steps.filter(({ step }) => step.startsWith(method)),
      )
      expectThat(!steps.some(({ step }) => step === `${method} failed`), steps)
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
      expectThat(steps.filter((line) => line.step === step).length >= times, steps)
      expectThat(!steps.some((line) => line.step === `${step} failed`), steps)
    })
  }
  await show('agent SDK: nothing heard twice after a reconnect', async () => {
    expectThat(!steps.some(({ step }) => step === 'heard twice'), steps)
  })
  await show('agent SDK: notifications of conversations and messages', async () => {
    expectThat(
      steps.some(
        ({ step, value }) =>
          step === 'conversation' && JSON.stringify(value).includes('"assigned":true'),
      ),
      steps,
    )
    expectThat(
      steps.some(
        ({ step, value }) =>
          step === 'message' && JSON.stringify(value).includes('I have a question'),
      ),
      steps,
    )
  })
  await show('agent SDK: wrong password', async () => {
    const { endpoint } = withParley.parley
    const credentials = { accountId: endpoint.accountId, username: first?.user, password: 'wrong' }
    const { text } = await withParley.run(['node', CHILD, JSON.stringify(credentials)])
    expectThat(/"step":"error"/.test(text) && !text.includes('"step":"connected"'), text)
  })
}
