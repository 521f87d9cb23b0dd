import {
  AGENT_COMMAND_EVENT,
  type AgentCommandAnswer,
  type AgentCommandCall,
} from '@parley/contract'
import type { Principal } from '#base/http'
import { ParleyError } from '#base/kernel'
import type { FunctionAnswer } from '#faas/invocations'
import { functionsDisabled } from '#identity/settings'
import type { AgentCommandsDeps } from './deps.ts'
import { listCommands } from './list-commands.ts'
import { splitArguments } from './split-arguments.ts'

/**
 * Runs one command for an agent who sees the conversation, or the live chat of this id. What it answers goes to this agent alone: it is
 * neither sent nor kept. A command that fails, or takes too long, is an answer, too; it is not tried again.
 * @throws ParleyError `function_not_found` for a command that is not deployed, `functions_disabled`, `invalid_request` for a quote that is
 * not closed, and what reading the conversation throws
 */
export async function runCommand(
  deps: AgentCommandsDeps,
  principal: Principal,
  { accountId, conversationId }: { accountId: string; conversationId: string },
  { name, text }: AgentCommandCall,
): Promise<AgentCommandAnswer> {
  const typed = splitArguments(text)
  const reader = await deps.reading.readerOf(principal)
  const { skillId } =
    (await deps.chat.findSeenChat(accountId, reader, conversationId)) ??
    (await deps.reading.getConversation(accountId, reader, conversationId))
  const { functionsEnabled } = await deps.settings.get(accountId)
  if (!functionsEnabled) throw functionsDisabled(accountId)
  const commands = await listCommands(deps, accountId)
  const command = commands.find((one) => one.name === name)
  const answer =
    command &&
    (await deps.invocations.invokeOne(accountId, command.functionId, {
      eventId: AGENT_COMMAND_EVENT,
      conversationId,
      skillId,
      invocationId: deps.ids.uuid(),
      source: 'Agent Workspace',
      payload: { conversationId, arguments: typed },
    }))
  if (!answer) throw unknownCommand(name, commands)
  deps.invocations.record(answer.record)
  return shown(answer)
}

function unknownCommand(name: string, commands: readonly { name: string }[]): ParleyError {
  const names = commands.map((command) => command.name).join(', ') || 'none'
  return new ParleyError(
    'function_not_found',
    `body.name: there is no command "${name}"; those that are deployed: ${names}`,
  )
}

/** As published: a text or a number is shown, anything else is a success. */
function shown({ outcome }: FunctionAnswer): AgentCommandAnswer {
  if (!outcome.ok) return { kind: 'error', text: outcome.text }
  const { result } = outcome
  const isShown = typeof result === 'string' || typeof result === 'number'
  return isShown ? { kind: 'message', text: String(result) } : { kind: 'success' }
}
