import * as z from 'zod'
import type { RouteSpec } from './route.ts'
import { Uuid } from './text.ts'

const base = '/api/v1/accounts/:accountId'

/** The event whose deployed functions agents call by typing `/` (`spec/bots.md` 5). */
export const AGENT_COMMAND_EVENT = 'conversational_command'

/** A function that an agent may call from a conversation. */
export const AgentCommand = z.object({
  /** The function's name: what the agent types after `/`. */
  name: z.string(),
  /** The function's description. */
  description: z.string(),
  /** The arguments, if the description begins with them in square brackets: `email, subject:optional`. Empty otherwise. */
  hint: z.string(),
  functionId: Uuid,
})
export type AgentCommand = z.infer<typeof AgentCommand>

/** What an agent typed: the command and what follows it. */
export const AgentCommandCall = z.object({
  name: z.string().min(1).max(64),
  /** White space separates arguments; double quotes hold together what has white space. */
  text: z.string().max(10_000).default(''),
})
export type AgentCommandCall = z.infer<typeof AgentCommandCall>

/** For the agent who typed the command, and for nobody else. It is not kept with the conversation. */
export const AgentCommandAnswer = z.object({
  /** `message`: the function answered with a text or a number; `success`: with anything else; `error`: it failed. */
  kind: z.enum(['message', 'success', 'error']),
  text: z.string().optional(),
})
export type AgentCommandAnswer = z.infer<typeof AgentCommandAnswer>

export const listAgentCommands = {
  method: 'GET',
  path: `${base}/agent-commands`,
  auth: 'function:invoke',
  summary: 'Commands that an agent may type in a conversation',
  params: z.object({ accountId: z.string() }),
  reply: z.object({ commands: z.array(AgentCommand) }),
} as const satisfies RouteSpec

export const runAgentCommand = {
  method: 'POST',
  path: `${base}/conversations/:conversationId/agent-commands`,
  auth: 'function:invoke',
  audit: { as: 'agent-command.run', of: 'acting' },
  summary:
    'Runs a command in a conversation, or in the live chat of this id; only the caller sees its answer',
  params: z.object({ accountId: z.string(), conversationId: z.string() }),
  body: AgentCommandCall,
  reply: AgentCommandAnswer,
} as const satisfies RouteSpec
