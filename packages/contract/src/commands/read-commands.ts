import { counted } from '../counted.ts'
import { cleanText } from './command.ts'
import { COMMAND_TYPES, type Command, type CommandType, parseCommand } from './index.ts'

/** How many ignored entries are listed one by one. */
const MAX_LISTED = 20
const MAX_TYPE_CHARACTERS = 64

export interface IgnoredCommand {
  type: string
  reason: string
}

export interface ReadCommands {
  /** At most one of each type, in the order in which they take effect. */
  commands: Command[]
  /** What did not count, and why. A long list ends with how many more there were. */
  ignored: IgnoredCommand[]
  /** Parts of accepted commands that were left out, by type. */
  notes: Partial<Record<CommandType, string>>
}

/**
 * Reads what a function returned, which may be any JSON. The first well-formed command of each type counts,
 * wherever it stands; nothing here throws.
 */
export function readCommands(result: unknown): ReadCommands {
  const first = new Map<CommandType, Command>()
  const notes: ReadCommands['notes'] = {}
  const ignored = ignoredList()

  for (const entry of entriesOf(result)) {
    if (!isRecord(entry)) {
      ignored.add(kindOf(entry), 'Not an object')
      continue
    }
    const parsed = parseCommand(entry)
    if (!parsed.ok) ignored.add(typeOf(entry), parsed.reason)
    else if (first.has(parsed.command.type)) {
      ignored.add(parsed.command.type, 'Only the first command of a type counts')
    } else {
      first.set(parsed.command.type, parsed.command)
      if (parsed.note !== undefined) notes[parsed.command.type] = parsed.note
    }
  }

  const commands = COMMAND_TYPES.flatMap((type) => first.get(type) ?? [])
  return { commands, ignored: ignored.end(), notes }
}

/** `callback()` returns no command, and so does an empty object. */
function entriesOf(result: unknown): readonly unknown[] {
  if (result === undefined || result === null) return []
  if (Array.isArray(result)) return result
  return isRecord(result) && Object.keys(result).length === 0 ? [] : [result]
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function typeOf({ type }: Record<string, unknown>): string {
  return typeof type === 'string' ? clip(type) : `(${kindOf(type)})`
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

function clip(text: string): string {
  return cleanText(text.slice(0, MAX_TYPE_CHARACTERS))
}

function ignoredList() {
  const listed: IgnoredCommand[] = []
  let unlisted = 0
  return {
    add(type: string, reason: string): void {
      if (listed.length < MAX_LISTED) listed.push({ type, reason })
      else unlisted += 1
    },
    end(): IgnoredCommand[] {
      if (unlisted === 0) return listed
      const reason = `${counted(unlisted, 'more entry', 'more entries')} did not count`
      return [...listed, { type: '…', reason }]
    },
  }
}
