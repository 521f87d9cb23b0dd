import type { Command } from '@parley/contract/events'

/** Longest text of a message; what is longer is no message. */
export const MAX_TEXT_CHARACTERS = 8_000

export type Parsed = { ok: true; command: Command; note?: string } | { ok: false; reason: string }

/** Reads one entry of a function's result. Members that a command does not know are left unread. */
export function parseCommand(entry: Record<string, unknown>): Parsed {
  if (entry.type === 'systemMessage') return parseMessage(entry.text)
  if (entry.type === 'transfer') return parseTransfer(entry.skillId, entry.agentId)
  if (entry.type === 'closeConversation') return { ok: true, command: { type: entry.type } }
  return { ok: false, reason: 'Unknown type of command' }
}

function parseMessage(text: unknown): Parsed {
  if (Array.isArray(text) && text.length === 0) return accept({ type: 'systemMessage', text: [] })
  if (typeof text !== 'string') return { ok: false, reason: 'The text is neither a string nor []' }
  if (text.length > MAX_TEXT_CHARACTERS) {
    return { ok: false, reason: `The text is longer than ${MAX_TEXT_CHARACTERS} characters` }
  }
  return accept({ type: 'systemMessage', text: storable(text) })
}

function parseTransfer(skillId: unknown, agentId: unknown): Parsed {
  const skill = readId(skillId)
  const agent = readId(agentId)
  if (skill === undefined && agent === undefined) {
    return { ok: false, reason: 'Neither skillId nor agentId is a text' }
  }
  const command = {
    type: 'transfer' as const,
    ...(skill === undefined ? {} : { skillId: skill }),
    ...(agent === undefined ? {} : { agentId: agent }),
  }
  const unread = [
    ...(isGiven(skillId) && skill === undefined ? ['skillId'] : []),
    ...(isGiven(agentId) && agent === undefined ? ['agentId'] : []),
  ]
  return unread.length === 0
    ? accept(command)
    : { ok: true, command, note: `${unread.join()} is not a text and was left out` }
}

function readId(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '' || value.length > 256) return undefined
  return value === storable(value) ? value : undefined
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== ''
}

function accept(command: Command): Parsed {
  return { ok: true, command }
}

/** The database keeps neither U+0000 nor half of a surrogate pair. */
function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD')
}
