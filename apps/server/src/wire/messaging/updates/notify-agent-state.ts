import { notificationFrame } from '#wire/messaging/format'
import type { Deps } from './deps.ts'
import type { Session } from './session.ts'

/** Sends a subscriber the present state of an agent. */
export async function notifyAgentState(
  { routing }: Pick<Deps, 'routing'>,
  { accountId, agentStates, connection }: Session,
  userId: string,
): Promise<void> {
  if (!agentStates || (agentStates.userId !== undefined && agentStates.userId !== userId)) return
  const { availability, gone } = await routing.findAgent(accountId, userId)
  const state = gone ? 'OFFLINE' : availability
  const result = {
    agentUserId: `${accountId}.${userId}`,
    channels: ['MESSAGING'],
    availability: state,
    description: state,
  }
  const { subscriptionId } = agentStates
  connection.send(
    notificationFrame('.ams.routing.AgentStateNotification', {
      subscriptionId,
      changes: [{ type: 'UPSERT', result }],
    }),
  )
}
