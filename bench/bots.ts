import {
  appToken,
  call,
  type Consumer,
  type Endpoint,
  openConsumer,
  type Session,
} from '@parley/client'
import {
  changeBuilderBot,
  createBuilderBot,
  createConnector,
  createSkill,
  setBuilderBotState,
  setConnectorState,
} from '@parley/contract'
import { type LiveParley, startParley } from '../e2e/live/parley.ts'
import { echoBot } from './builder-exports.ts'
import { adminSession, deploy, invokeUrl, liftLimits } from './deployed-function.ts'
import { connectWs } from './load/connect-ws.ts'
import { applyLoad } from './load/plan.ts'
import { type BenchOptions, type BenchReport, median, percentile, round } from './report.ts'

/** Consumers that talk at once, and connections of the bare function. */
const AT_ONCE = 16
/** A bot that takes longer does not answer. */
const PATIENCE_MS = 300_000

/** Answers for a bot, and is what the bare function is, too. */
const VENDOR_CODE =
  "function lambda(input, callback) { callback(null, { messages: ['echo ' + input.payload.message] }) }"
const HOOK_CODE = 'function lambda(input, callback) { callback(null, input.payload) }'

interface Measured {
  perSecond: number
  p50Ms: number
}

/** A bot that talks, by the skill that it serves. */
type Targets = Record<string, { skillId: string }>

async function newSkill(session: Session, name: string): Promise<string> {
  return (await call(session, createSkill, { body: { name, description: '' } })).skillId
}

/** Bots of a function: alone, and between two hooks. */
async function connectors(session: Session, functionId: string): Promise<Targets> {
  const pre = await deploy(session, { name: 'bench_pre', code: HOOK_CODE })
  const post = await deploy(session, { name: 'bench_post', code: HOOK_CODE })
  const make = async (name: string, more: { hooks?: { pre: string; post: string } }) => {
    const skillId = await newSkill(session, name)
    const { connectorId } = await call(session, createConnector, {
      body: {
        name,
        skillIds: [skillId],
        channels: ['messaging'],
        welcome: false,
        engagementAttributes: false,
        vendor: { kind: 'function', functionId },
        escalation: {
          skillId,
          messageToCustomer: '',
          messageToAgent: '',
          transferFailureMessage: '',
        },
        ...more,
      },
    })
    const params = { connectorId }
    await call(session, setConnectorState, { params, body: { state: 'online' } })
    return { skillId }
  }
  return {
    'connector: function': await make('bench plain', {}),
    'connector: pre hook → function → post hook': await make('bench hooks', {
      hooks: { pre, post },
    }),
  }
}

/** Bots of Conversation Builder, without and with a function. */
async function builderBots(session: Session, functionId: string): Promise<Targets> {
  const make = async (name: string, file: object) => {
    const skillId = await newSkill(session, name)
    const { botId } = await call(session, createBuilderBot, { body: { ...file } })
    await call(session, changeBuilderBot, { params: { botId }, body: { skillIds: [skillId] } })
    const params = { botId }
    await call(session, setBuilderBotState, { params, body: { state: 'online' } })
    return { skillId }
  }
  return {
    'builder bot: text': await make('bench builder', echoBot()),
    'builder bot: function → text': await make('bench builder function', echoBot(functionId)),
  }
}

/** Resolves with the time from saying something to the bot's answer, in milliseconds. */
async function takeTurn(consumer: Consumer, conversationId: string): Promise<number> {
  const words = crypto.randomUUID()
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const late = setTimeout(() => reject(new Error('The bot has not answered')), PATIENCE_MS)
  using _ = consumer.onMessage(({ role, text }) => {
    if (role === 'ASSIGNED_AGENT' && text === `echo ${words}`) resolve()
  })
  const saidAt = performance.now()
  await consumer.say(conversationId, words)
  await promise.finally(() => clearTimeout(late))
  return performance.now() - saidAt
}

async function talk(endpoint: Endpoint, skillId: string, seconds: number): Promise<Measured> {
  using opened = new DisposableStack()
  const talks = await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      const consumer = opened.use(await openConsumer(endpoint, { connect: connectWs }))
      const conversationId = await consumer.openConversation(skillId)
      await takeTurn(consumer, conversationId)
      return { consumer, conversationId }
    }),
  )
  const took: number[] = []
  const beganAt = performance.now()
  const endsAt = beganAt + seconds * 1000
  await Promise.all(
    talks.map(async ({ consumer, conversationId }) => {
      while (performance.now() < endsAt) took.push(await takeTurn(consumer, conversationId))
    }),
  )
  const perSecond = (took.length / (performance.now() - beganAt)) * 1000
  await Promise.all(talks.map(({ consumer, conversationId }) => consumer.close(conversationId)))
  return { perSecond, p50Ms: percentile(took, 0.5) }
}

/** The function alone, called over HTTP with what a bot would give to it. */
async function callBare(parley: LiveParley, url: string, seconds: number): Promise<Measured> {
  const token = await appToken(parley.endpoint, parley.firstRun.client)
  const body = JSON.stringify({
    timestamp: 0,
    headers: [],
    payload: { message: '{{nonce}}', convId: 'bench', context: { lpEvent: {}, lpSdes: {} } },
  })
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  return await applyLoad({ url, headers, body, connections: AT_ONCE, seconds })
}

export async function benchBots({ short }: BenchOptions): Promise<BenchReport> {
  const { rounds, seconds } = short ? { rounds: 1, seconds: 0.5 } : { rounds: 5, seconds: 5 }
  await using parley = await startParley()
  const session = await adminSession(parley)
  await liftLimits(session)
  const functionId = await deploy(session, { name: 'bench_vendor', code: VENDOR_CODE })
  const targets = {
    ...(await connectors(session, functionId)),
    ...(await builderBots(session, functionId)),
  }
  const url = invokeUrl(session, functionId)
  await callBare(parley, url, seconds / 2)

  const details: Record<string, Measured>[] = []
  for (let turn = 0; turn < rounds; turn++) {
    const measured: Record<string, Measured> = { bare: await callBare(parley, url, seconds) }
    for (const [name, { skillId }] of Object.entries(targets)) {
      measured[name] = await talk(parley.endpoint, skillId, seconds)
    }
    details.push(measured)
  }

  const of = (name: string, read: (one: Measured, bare: Measured) => number) =>
    round(
      median(details.map(({ bare, [name]: one }) => (bare && one ? read(one, bare) : Number.NaN))),
    )
  const row = (name: string, what: string) => ({
    what,
    'turns per second': of(name, ({ perSecond }) => perSecond),
    'p50 ms': of(name, ({ p50Ms }) => p50Ms),
    '÷ bare function': of(name, ({ perSecond }, bare) => perSecond / bare.perSecond),
  })
  return {
    rows: [
      row('bare', 'bare function, called over HTTP'),
      ...Object.keys(targets).map((name) => row(name, name)),
    ],
    bars: [],
    details,
  }
}
