import { login, openAgent, openConsumer, request } from '@parley/client'
import * as z from 'zod'
import { median } from '../../bench/report.ts'
import { startParley } from '../live/parley.ts'
import { readBase } from './filled-base.ts'

const DAY_MS = 86_400_000
const TIMES = 5

const Claims = z.looseObject({ sub: z.string() })

interface Asked {
  what: string
  'first ms': number
  'median ms': number
}

/** Starts Parley on a filled data directory and asks what its people ask every day. Answers how long each takes. */
export async function askBase(dataDir: string): Promise<Asked[]> {
  const { firstRun } = readBase(dataDir)
  const asked: Asked[] = []
  const ask = async (what: string, run: () => Promise<unknown>): Promise<void> => {
    const ms: number[] = []
    for (let time = 0; time < TIMES; time++) {
      const startedAt = performance.now()
      await run()
      ms.push(performance.now() - startedAt)
    }
    const [first = 0] = ms
    asked.push({ what, 'first ms': Math.round(first), 'median ms': Math.round(median(ms)) })
  }

  await using parley = await startParley({ dataDir })
  const ready = Math.round(parley.readyMs)
  asked.push({ what: 'start until the first answer', 'first ms': ready, 'median ms': ready })
  const { endpoint } = parley
  const { accountId } = endpoint
  const { bearer } = await login(endpoint, firstRun.admin)
  const base = `/api/v1/accounts/${accountId}`
  const get = (path: string) =>
    request(endpoint.url, { method: 'GET', path: `${base}/${path}`, bearer })
  const search = (body: object) =>
    request(endpoint.url, {
      method: 'POST',
      path: `/messaging_history/api/account/${accountId}/conversations/search?limit=50&offset=0&sort=start:desc`,
      bearer,
      body,
    })
  const now = Date.now()
  const start = { from: now - 3 * DAY_MS, to: now }
  const since = new Date(start.from).toISOString()

  const [agentLogin] = firstRun.agents
  if (!agentLogin) throw new Error('The account has no agent')
  using agent = await openAgent(endpoint, agentLogin)
  const subscribe = (body: object) =>
    agent.socket.request('.ams.aam.SubscribeExConversations', body)
  const agentIds = [`${accountId}.${agent.userId}`]
  await ask("an agent's subscription: its open and closed conversations", () =>
    subscribe({ convState: ['OPEN', 'CLOSE'], agentIds }),
  )
  await ask('a subscription: what was closed in the last hour', () =>
    subscribe({ convState: ['CLOSE'], minLastUpdatedTime: now - 3_600_000 }),
  )
  await ask('a conversation: opened, written in, accepted, closed', async () => {
    using consumer = await openConsumer(endpoint)
    const conversationId = await consumer.openConversation('1001')
    await consumer.say(conversationId, 'Where is my parcel?')
    await agent.accept(conversationId)
    await consumer.close(conversationId)
  })
  await ask('the list of conversations', () => get('conversations'))
  await ask('those that are open', () => get('conversations?state=OPEN'))
  await ask('those of three days with a word', () => get(`conversations?text=parcel&from=${since}`))
  await ask('history of three days, with count', () => search({ start }))
  await ask('history of three days by a word, with count', () => {
    return search({ start, keyword: 'parcel' })
  })
  await ask('records of functions', () => get('invocations?limit=50'))
  await ask('logs', () => get('logs?limit=50'))
  await ask('a request to erase a consumer', async () => {
    using consumer = await openConsumer(endpoint)
    await consumer.close(await consumer.openConversation('1001'))
    const body = { consumerId: subjectOf(consumer.jwt) }
    await request(endpoint.url, { method: 'POST', path: `${base}/erasures`, bearer, body })
  })
  return asked
}

function subjectOf(jwt: string): string {
  const [, claims = ''] = jwt.split('.')
  return Claims.parse(JSON.parse(Buffer.from(claims, 'base64url').toString())).sub
}
