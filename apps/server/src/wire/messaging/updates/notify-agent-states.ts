import { notificationFrame } from '#wire/messaging/format'
import type { Deps } from './deps.ts'
import type { Notifier } from './notifier.ts'
import type { AgentSession } from './session.ts'

export const agentStateNotifier: Notifier = {
  async agentChanged(deps, session, userId) {
    if (session.side === 'agent') await notifyAgentState(deps, session, userId)
  },
  async catchUp(deps, session) {
    if (session.side !== 'agent' || !session.agentStates) return
    await notifyAgentState(deps, session, session.agentStates.userId ?? session.reader.userId)
  },
}

/** Sends the present state of an agent, if the session has subscribed to it. */
export async function notifyAgentState(
  { routing }: Pick<Deps, 'routing'>,
  { accountId, agentStates, connection }: AgentSession,
  userId: string,
): Promise<void> {
  if (!agentStates || (agentStates.userId !== undefined && agentStates.userId !== userId)) return
  const { availability, description, gone } = await routing.findAgent(accountId, userId)
  const state = gone ? 'OFFLINE' : availability
  const result = {
    agentUserId: `${accountId}.${userId}`,
    channels: ['MESSAGING'],
    availability: state,
    description: gone ? state : (description ?? state),
  }
  const { subscriptionId } = agentStates
  connection.send(
    notificationFrame('.ams.routing.AgentStateNotification', {
      subscriptionId,
      changes: [{ type: 'UPSERT', result }],
    }),
  )
}
