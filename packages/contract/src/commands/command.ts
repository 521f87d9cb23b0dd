import type * as z from 'zod'
import type { ConversationAction } from './conversation-action.ts'

/** What a command is asked under. */
export interface CommandCircumstances {
  accountId: string
  /** The event whose function returned the command. */
  eventId: string
  /** Functions have caused this event twice in a row: its function was not called. */
  isLoop: boolean
  /** The account's switch. */
  transferToAgentEnabled: boolean
}

/** What a command asks of the conversation, and what the record says of it. */
export interface Asked {
  /** Absent where nothing is asked of the conversation. */
  action?: ConversationAction
  /** Whether the command counts as applied: with an action, until the conversation answers otherwise. */
  applied: boolean
  /** What the record says besides, in sentences without a final full stop. */
  reasons: string[]
}

/** A command, with a note where a part of it was left out; or the reason why the entry is none. */
export type Parsed<Command> =
  | { ok: true; command: Command; note?: string }
  | { ok: false; reason: string }

/** Everything that is known about a command. Its file says it; all else is derived from it. */
export interface CommandDefinition<Type extends string, Schema extends z.ZodType<{ type: Type }>> {
  type: Type
  /** The documented shape (`spec/events.md` 2.4). Results are read by `parse`, which is more lenient. */
  schema: Schema
  /** Commands take effect in this order, whatever their order in the result. */
  order: number
  /** Whether it still makes sense in the event of the conversation's end. */
  countsAfterEnd: boolean
  /** Whether it takes the place of the default automatic message. */
  replacesDefaultMessage: boolean
  /** Reads an entry of a function's result that has this type. Members that the command does not know are left unread. */
  parse(entry: Record<string, unknown>): Parsed<z.infer<Schema>>
  ask(command: z.infer<Schema>, circumstances: CommandCircumstances): Asked
}

/** Keeps the exact types of a command, from which the types of all commands are derived. */
export function defineCommand<Type extends string, Schema extends z.ZodType<{ type: Type }>>(
  definition: CommandDefinition<Type, Schema>,
): CommandDefinition<Type, Schema> {
  return definition
}

/** Text that the database stores: U+0000 and halves of surrogate pairs become U+FFFD, as in `base/kit` of the server. */
export function cleanText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD')
}
