import { messaging } from '@parley/contract'
import { type Answer, bareUserId, parseBody, type Request, sentence } from '#wire/messaging/format'
import { type AgentSession, notifyAgentState } from '#wire/messaging/updates'
import type { Deps } from './deps.ts'
import { requireSelf } from './require-self.ts'

export async function setAgentState(
  { routing }: Deps,
  session: AgentSession,
  request: Request,
): Promise<Answer> {
  const body = parseBody(messaging.SetAgentStateBody, request.body)
  const { availability, agentUserId, description } = body
  requireSelf(session, agentUserId)
  const { accountId, reader } = session
  await routing.setAvailability(accountId, reader.userId, availability, description)
  return sentence('Agent state updated successfully')
}

export async function subscribeAgentsState(
  deps: Deps,
  session: AgentSession,
  request: Request,
): Promise<Answer> {
  const { agentId } = parseBody(messaging.SubscribeAgentsStateBody, request.body)
  const subscriptionId = deps.ids.uuid()
  const { accountId } = session
  const userId =
    agentId === undefined
      ? undefined
      : await deps.routing.userIdOf(accountId, bareUserId(accountId, agentId))
  session.agentStates = { subscriptionId, userId }
  return {
    type: '.ams.routing.SubscribeAgentsState$Response',
    body: { subscriptionId },
    afterwards: () => notifyAgentState(deps, session, userId ?? session.reader.userId),
  }
}
