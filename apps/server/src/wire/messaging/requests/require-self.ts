import { ParleyError } from '#base/kernel'
import { bareUserId } from '#wire/messaging/format'
import type { AgentSession } from '#wire/messaging/updates'

/** @throws ParleyError `forbidden` when `agentId`, in whichever spelling, is not the agent of the session */
export function requireSelf(
  { accountId, reader }: AgentSession,
  agentId: string | undefined,
): void {
  const asked = agentId === undefined ? undefined : bareUserId(accountId, agentId)
  if (asked !== undefined && asked !== reader.userId && asked !== reader.pid) {
    throw new ParleyError('forbidden', `"${agentId}" is another agent`)
  }
}
