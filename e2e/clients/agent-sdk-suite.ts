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
  const { door } = withParley.parley
  const told: Told[] = []
  const running = withParley.run(
    ['node', CHILD, JSON.stringify({ accountId: door.accountId, ...credentials })],
    {
      onLine: (line) => {
        if (line.startsWith('{')) told.push(JSON.parse(line) as Told)
      },
      patienceMs: 90_000,
    },
  )
  try {
    await eventually(
      'The agent is ready',
      () => told.some(({ step }) => step === 'ready') || undefined,
    )
    using consumer = await openConsumer(door)
    const heard: string[] = []
    consumer.onLine(({ text }) => heard.push(text))
    const conversationId = await consumer.openConversation()
    await consumer.say(conversationId, 'I have a question')
    await eventually("The agent's message", () => heard.includes('Hello from the SDK') || undefined)
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
    const { door } = withParley.parley
    const credentials = { accountId: door.accountId, username: first?.user, password: 'wrong' }
    const { text } = await withParley.run(['node', CHILD, JSON.stringify(credentials)])
    expectThat(/"step":"error"/.test(text) && !text.includes('"step":"connected"'), text)
  })
}
