import { MESSAGING_EVENTS } from '@parley/contract/events'
import { parseCommand } from '@parley/contract/commands'

/** What would become of one entry of a result, if its event had happened in a conversation. */
export interface JudgedCommand {
  type: string
  counts: boolean
  reason?: string
}

/** Judges a result as the conversation would: the first well-formed command of each type counts. Only messaging events have commands. */
export function commandsOf(eventId: string, result: unknown): JudgedCommand[] {
  if (!MESSAGING_EVENTS.some(({ id }) => id === eventId)) return []
  const seen = new Set<string>()
  return [result ?? []].flat().map((entry): JudgedCommand => {
    if (typeof entry !== 'object' || entry === null) {
      return { type: JSON.stringify(entry), counts: false, reason: 'Not an object' }
    }
    const { type: given } = entry as { type?: unknown }
    const parsed = parseCommand(entry as Record<string, unknown>)
    const type = String(given)
    if (!parsed.ok) return { type, counts: false, reason: parsed.reason }
    if (seen.has(type)) {
      return { type, counts: false, reason: 'Only the first command of a type counts' }
    }
    seen.add(type)
    return { type, counts: true, ...(parsed.note !== undefined && { reason: parsed.note }) }
  })
}
