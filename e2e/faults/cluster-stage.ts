import { call, login, type Session } from '@parley/client'
import * as contract from '@parley/contract'
import { undeployExample } from '../fill/filled-base.ts'
import type { Cluster } from './cluster-nodes.ts'
import { type Witness, witnessedFunction } from './cluster-witness.ts'

export const FROM_SKILL = '1001'
export const TO_SKILL = '1002'

/** The events that one visit raises, with how often: all of them have a function. */
export const EVENTS = {
  CONSUMER_OPEN_NEW_CONVERSATION_FIRST_TIME: 1,
  YOU_ARE_CONNECTED_TO: 2,
  CONSUMER_ASKED_URGENT_RESPONSE_TIME: 1,
  BACK_TO_QUEUE: 1,
  ENGAGEMENT_TRANSFERED: 1,
  CONSUMER_END_CONVERSATION: 1,
} as const
export type Event = keyof typeof EVENTS

const FUNCTIONS = ['new_conversation', 'participants_change', 'ttr', 'conversation_routing']

/** Answers with the event and request that it has handled; transfers urgent conversations to another skill. */
const RESULT = `[
    { type: 'systemMessage', text: 'handled ' + event + ' ' + requestId },
    ...(event === 'CONSUMER_ASKED_URGENT_RESPONSE_TIME' ? [{ type: 'transfer', skillId: '${TO_SKILL}' }] : []),
  ]`
const REPORT = `{ conversationId: input.payload.general.convId, event: input.payload.general.cbotEventType }`

/** What a function said, if this is such a text. */
export function handledIn(text: string): { event: string; requestId: string } | undefined {
  const [, event, requestId] = /^handled (\w+) ([\w-]+)$/.exec(text) ?? []
  return event !== undefined && requestId !== undefined ? { event, requestId } : undefined
}

const AGENTS = 4
const SLOTS = 200
/** Long enough for an agent whose node has died to be back. */
const RING_MS = 20_000

export interface AgentLogin {
  user: string
  password: string
}

/** Functions for the events of a visit, and agents. */
export async function setStage(cluster: Cluster, witness: Witness): Promise<AgentLogin[]> {
  const admin = await login(await cluster.endpoint(), cluster.firstRun.admin)
  await undeployExample(admin)
  await call(admin, contract.changeAccountSettings, {
    body: { limits: { outboundRequestsPerSecond: 1000 }, messaging: { ringMs: RING_MS } },
  })
  // What goes out when a function takes long would be one message more on a machine that is slow.
  for (const type of Object.keys(EVENTS) as Event[]) {
    await call(admin, contract.setAutomaticMessage, { params: { type }, body: { active: false } })
  }
  const code = witnessedFunction(witness, REPORT, RESULT)
  for (const name of [...FUNCTIONS, 'conversation_end']) {
    await deploy(admin, { name, eventId: `controllerbot_messaging_${name}`, code })
  }
  return await makeAgents(admin)
}

/** Agents without a limit of conversations. */
export async function makeAgents(admin: Session): Promise<AgentLogin[]> {
  const agents = Array.from({ length: AGENTS }, (_, nth) => {
    return { user: `desk${nth}`, password: crypto.randomUUID() }
  })
  for (const { user, password } of agents) {
    const skillIds = [FROM_SKILL, TO_SKILL]
    const body = { loginName: user, password, skillIds, maxSlots: SLOTS }
    await call(admin, contract.createUser, { body })
  }
  return agents
}

export async function deploy(
  admin: Session,
  { name, eventId, code }: { name: string; eventId: string; code: string },
): Promise<void> {
  const body = { name, description: 'Reports to a witness', eventId, code }
  const { functionId } = await call(admin, contract.createFunction, { body })
  await call(admin, contract.deployFunction, { params: { functionId } })
}
