import { setTimeout as sleep } from 'node:timers/promises'
import {
  appToken,
  call,
  type Endpoint,
  login,
  openAgent,
  openConsumer,
  request,
} from '@parley/client'
import {
  createFunction,
  createSkill,
  deployFunction,
  contextStore,
  listInvocations,
} from '@parley/contract'

interface Login {
  user: string
  password: string
}

/** Leaves a record, a log entry and no message. */
const CODE = `function lambda(input, callback) {
  console.info('Opened ' + input.payload.general.convId)
  callback(null, [])
}`
const FUNCTION = {
  name: 'recorded',
  description: 'Records each new conversation',
  eventId: 'controllerbot_messaging_new_conversation',
  code: CODE,
}
const NAMESPACE = 'carts'
const MONTH_S = 30 * 86_400
const SKILL = '1001'
const PAUSE_MS = 50

/**
 * Makes three conversations by the product's own interfaces: one that is over, one with an agent, one that waits in a skill of
 * nobody. Each with profile, visitor, record, log and entries in the context store.
 */
export async function makeExamples(
  endpoint: Endpoint,
  {
    admin,
    agents: [agentLogin],
    client,
  }: { admin: Login; agents: readonly Login[]; client: { id: string; secret: string } },
): Promise<{ closed: string; served: string; waiting: string }> {
  const session = await login(endpoint, admin)
  if (!agentLogin) throw new Error('The account has no agent')
  const { functionId } = await call(session, createFunction, { body: FUNCTION })
  await call(session, deployFunction, { params: { functionId } })
  const { skillId: unserved } = await call(session, createSkill, { body: { name: 'Nobody' } })
  const { apiKey } = await call(session, contextStore.getContextKey)
  const context = async (method: string, path: string, body: object): Promise<void> => {
    const url = `${endpoint.url}/v1/account/${endpoint.accountId}${path}`
    const headers = { 'maven-api-key': apiKey, 'content-type': 'application/json' }
    const reply = await fetch(url, { method, headers, body: JSON.stringify(body) })
    if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${await reply.text()}`)
  }
  await context('POST', `?ttlSecond=${MONTH_S}`, { name: NAMESPACE })

  using agent = await openAgent(endpoint, agentLogin)
  const examples = {
    closed: await visit(SKILL, true),
    served: await visit(SKILL, false),
    waiting: await visit(unserved, false),
  }
  for (const conversationId of Object.values(examples)) await recorded(conversationId)
  return examples

  async function visit(skillId: string, isOver: boolean): Promise<string> {
    const ids = ['visitor', 'session', 'page'].map((what) => `${what}-${crypto.randomUUID()}`)
    const [visitorId = '', sessionId = '', interactionContextId = ''] = ids
    const clientProperties = { deviceFamily: 'DESKTOP', browser: 'CHROME' }
    const visit = {
      visitorId,
      sessionId,
      interactionContextId,
      language: 'en-US',
      clientProperties,
    }
    await setAttributes(visitorId, sessionId)
    using consumer = await openConsumer(endpoint, { visit })
    await consumer.socket.request('userprofile.SetUserProfile', { firstName: 'Ada' })
    const conversationId = await consumer.openConversation(skillId)
    await consumer.say(conversationId, 'Where is my parcel?')
    await context('PATCH', `/${NAMESPACE}/${conversationId}/properties`, { items: ['tea'] })
    await context('PATCH', `/custom/${conversationId}/properties`, { seen: true })
    if (skillId === SKILL) await agent.accept(conversationId)
    if (isOver) await consumer.close(conversationId)
    return conversationId
  }

  async function setAttributes(visitorId: string, sessionId: string): Promise<void> {
    const path = `/api/account/${endpoint.accountId}/monitoring/visitors/${visitorId}/visits/current/events?v=1&sid=${sessionId}`
    const bearer = await appToken(endpoint, client)
    const body = [{ type: 'ctmrinfo', info: { customerId: visitorId } }]
    await request(endpoint.url, { method: 'PUT', path, bearer, body })
  }

  /** Records are written a few times per second. */
  async function recorded(conversationId: string): Promise<void> {
    for (;;) {
      const { invocations } = await call(session, listInvocations, { query: { conversationId } })
      if (invocations.length > 0) return
      await sleep(PAUSE_MS)
    }
  }
}
