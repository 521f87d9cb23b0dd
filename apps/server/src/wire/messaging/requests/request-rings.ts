import { messaging } from '@parley/contract'
import { boundedMap } from '#base/bounds'
import { type Answer, parseBody, type Request, sentence } from '#wire/messaging/format'
import { type AgentSession, asRung, notifyFirstRings, SHOWN_RINGS } from '#wire/messaging/updates'
import type { Deps } from './deps.ts'
import { requireSelf } from './require-self.ts'

/** Answers with a subscription. A notification with the rings that wait for the agent follows, and one for each change. */
export async function subscribeRoutingTasks(
  deps: Deps,
  session: AgentSession,
  request: Request,
): Promise<Answer> {
  const { reading, routing, ids } = deps
  const { agentId } = parseBody(messaging.SubscribeAgentsStateBody, request.body)
  requireSelf(session, agentId)
  const { accountId, reader } = session
  const subscriptionId = ids.uuid()
  session.routing = { subscriptionId, shown: boundedMap(SHOWN_RINGS) }
  const { slots } = await routing.findAgent(accountId, reader.userId)
  const rung = await Promise.all(
    slots.map((id) => reading.getConversation(accountId, asRung(reader), id)),
  )
  return {
    type: '.ams.routing.SubscribeRoutingTasks$Response',
    body: { subscriptionId },
    afterwards: () => notifyFirstRings(deps, session, rung),
  }
}

export async function updateRingState(
  { routing }: Deps,
  { accountId, reader }: AgentSession,
  request: Request,
): Promise<Answer> {
  const { ringId, ringState } = parseBody(messaging.UpdateRingStateBody, request.body)
  await routing.answerRing(accountId, reader.userId, { ringId, answer: ringState })
  return sentence('Ring state updated successfully')
}
