import { AGENT_COMMAND_EVENT, type AgentCommand } from '@parley/contract'
import type { AgentCommandsDeps } from './deps.ts'

/** Arguments in square brackets, then a dash. */
const HINT = /^\s*\[([^[\]]*)\]/

/** The deployed commands of the account, in the order in which they were made. */
export async function listCommands(
  { functions }: Pick<AgentCommandsDeps, 'functions'>,
  accountId: string,
): Promise<AgentCommand[]> {
  const found = await functions.drafts.list(accountId, { eventId: AGENT_COMMAND_EVENT })
  return found
    .filter(({ liveDeploymentId }) => liveDeploymentId !== undefined)
    .map(({ name, description, functionId }) => ({
      name,
      description,
      hint: HINT.exec(description)?.[1]?.trim() ?? '',
      functionId,
    }))
}
