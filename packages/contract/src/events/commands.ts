import { z } from 'zod'

/** A message into the conversation instead of the default automatic message; an empty list or text sends nothing. */
export const SystemMessageCommand = z.object({
  type: z.literal('systemMessage'),
  text: z.union([z.string(), z.array(z.unknown()).max(0)]),
})

/** To another skill, to a proposed agent, or both. */
export const TransferCommand = z
  .object({
    type: z.literal('transfer'),
    skillId: z.string().min(1).optional(),
    agentId: z.string().min(1).optional(),
  })
  .refine(({ skillId, agentId }) => skillId !== undefined || agentId !== undefined, {
    message: 'must have skillId or agentId',
  })

export const CloseConversationCommand = z.object({ type: z.literal('closeConversation') })

/** What a function of a messaging event may ask for. */
export const Command = z.discriminatedUnion('type', [
  SystemMessageCommand,
  TransferCommand,
  CloseConversationCommand,
])
export type Command = z.infer<typeof Command>

/** The order in which commands take effect, whatever their order in the result. */
export const COMMAND_TYPES = ['systemMessage', 'transfer', 'closeConversation'] as const
export type CommandType = (typeof COMMAND_TYPES)[number]

/** One command, several, or nothing at all. */
export const CommandResult = z.union([Command, z.array(Command)]).optional()
