import { messaging } from '@parley/contract'
import { ParleyError } from '#base/kernel'
import { type Answer, bareUserId, parseBody, type Request, said } from '#wire/messaging/format'
import type { Deps } from './deps.ts'
import { asRung, notifyAgentState, notifyFirstRings, type Session } from '#wire/messaging/updates'

/** Agents speak for themselves: another agent's state or rings cannot be asked for. */
function requireOwn({ accountId, reader }: Session, agentId: string | undefined): void {
  const asked = agentId === undefined ? undefined : bareUserId(accountId, agentId)
  if (asked !== undefined && asked !== reader.userId && asked !== reader.pid) {
    throw new ParleyError('forbidden', `"${agentId}" is another agent`)
  }
}

export async function subscribeRoutingTasks(
  { reading, routing, ids }: Deps,
  session: Session,
  request: Request,
): Promise<Answer> {
  const { agentId } = parseBody(messaging.SubscribeAgentsStateBody, request.body)
  requireOwn(session, agentId)
  const { accountId, reader } = session
  const subscriptionId = ids.uuid()
  session.routing = { subscriptionId, shown: new Set() }
  const { slots } = await routing.findAgent(accountId, reader.userId)
  const held = await Promise.all(
    slots.map((id) => reading.getConversation(accountId, asRung(reader), id)),
  )
  return {
    type: '.ams.routing.SubscribeRoutingTasks$Response',
    body: { subscriptionId },
    afterwards: () => notifyFirstRings(session, held),
  }
}

export async function updateRingState(
  { routing }: Deps,
  { accountId, reader }: Session,
  request: Request,
): Promise<Answer> {
  const { ringId, ringState } = parseBody(messaging.UpdateRingStateBody, request.body)
  await routing.answerRing(accountId, reader.userId, { ringId, answer: ringState })
  return said('Ring state updated successfully')
}

export async function setAgentState(
  { routing }: Deps,
  session: Session,
  request: Request,
): Promise<Answer> {
  const { availability, agentUserId } = parseBody(messaging.SetAgentStateBody, request.body)
  requireOwn(session, agentUserId)
  await routing.setAvailability(session.accountId, session.reader.userId, availability)
  return said('Agent state updated successfully')
}

export async function subscribeAgentsState(
  deps: Deps,
  session: Session,
  request: Request,
): Promise<Answer> {
  const { agentId } = parseBody(messaging.SubscribeAgentsStateBody, request.body)
  const subscriptionId = deps.ids.uuid()
  const userId = agentId === undefined ? undefined : bareUserId(session.accountId, agentId)
  session.agentStates = { subscriptionId, userId }
  return {
    type: '.ams.routing.SubscribeAgentsState$Response',
    body: { subscriptionId },
    afterwards: () => notifyAgentState(deps, session, userId ?? session.reader.userId),
  }
}
