import * as z from 'zod'
import { closeConversation } from './close-conversation.ts'
import type { CommandDefinition, Parsed } from './command.ts'
import { systemMessage } from './system-message.ts'
import { transfer } from './transfer.ts'

/** Every command. A new command is its own file and one line here. */
const LIST = [systemMessage, transfer, closeConversation] as const

type Listed = (typeof LIST)[number]
export type CommandType = Listed['type']
/** What a function of a messaging event may ask for (`spec/events.md` 2.4). */
export type Command = z.infer<Listed['schema']>

type AnyDefinition = CommandDefinition<CommandType, z.ZodType<Command>>

/** What is known about each command. */
export const COMMANDS = Object.fromEntries(
  LIST.map((definition) => [definition.type, definition]),
) as unknown as Record<CommandType, AnyDefinition>

/** The order in which commands take effect, whatever their order in the result. */
export const COMMAND_TYPES: readonly CommandType[] = LIST.toSorted((a, b) => a.order - b.order).map(
  ({ type }) => type,
)

const UNKNOWN_TYPE = `Unknown type of command: there are ${COMMAND_TYPES.join(', ')}`

const Command = z.union(LIST.map(({ schema }) => schema))

/** One command, several, or nothing at all. */
export const CommandResult = z.union([Command, z.array(Command)]).optional()

/** Reads one entry of a function's result. Throws nothing, whatever the entry holds. */
export function parseCommand(entry: Record<string, unknown>): Parsed<Command> {
  const definition = LIST.find(({ type }) => type === entry.type)
  return definition?.parse(entry) ?? { ok: false, reason: UNKNOWN_TYPE }
}

export type { Asked, CommandCircumstances, CommandDefinition, Parsed } from './command.ts'
export type { ConversationAction } from './conversation-action.ts'
export { MAX_TEXT_CHARACTERS } from './system-message.ts'
