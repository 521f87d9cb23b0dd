import { call, type Session } from '@parley/client'
import { getConversation, readTimeline, type TimelineEntry } from '@parley/contract'
import { stringify } from 'yaml'
import { durationText } from '../duration.ts'
import type { ScenarioText, Step } from './schema.ts'
import { messageOf } from './timeline.ts'

const SECOND_MS = 1_000

/** A scenario file made of a conversation that has been: what was said, when, and what functions did. */
export async function scenarioFrom(session: Session, conversationId: string): Promise<string> {
  const params = { conversationId }
  const conversation = await call(session, getConversation, { params })
  const entries: TimelineEntry[] = []
  let after: string | undefined
  do {
    const query = { limit: 200, ...(after !== undefined && { after }) }
    const page = await call(session, readTimeline, { params, query })
    entries.push(...page.entries)
    after = page.next
  } while (after !== undefined)

  const startedAt = Date.parse(conversation.startedAt)
  const { skillId, context } = conversation
  const opening = { skill: skillId, ...(context?.lang !== undefined && { language: context.lang }) }
  const steps: Step[] = [{ 'consumer opens': opening }]
  let played = 0
  for (const entry of entries) {
    const made = stepsOf(entry, conversationId)
    if (made.length === 0) continue
    // Whole seconds, rounded up: what a timer did has been done by then.
    const due = Math.floor((Date.parse(entry.at) - startedAt) / SECOND_MS) * SECOND_MS
    if (due > played) {
      steps.push({ wait: durationWord(due - played) })
      played = due
    }
    steps.push(...made)
  }
  const scenario: ScenarioText = { name: `Conversation ${conversationId}`, steps }
  return stringify(scenario, { lineWidth: 0 })
}

/** Without blanks between its units. */
function durationWord(ms: number): string {
  const whole = durationText(ms).replaceAll(' ', '')
  const seconds = Math.round(ms / SECOND_MS)
  return ms >= 86_400_000 || (ms >= 3_600_000 && seconds % 60 !== 0) ? `${seconds}s` : whole
}

function stepsOf(entry: TimelineEntry, conversationId: string): Step[] {
  if (entry.kind === 'run') return commandsOf(entry.run)
  if (entry.kind === 'event') return ofEvent(entry)
  return messageOf(entry, conversationId).map(({ from, text }): Step => {
    if (from === 'consumer') return { 'consumer says': text }
    if (from === 'agent') return { 'agent says': text }
    return { 'expect message': from === 'bot' ? text : { text, from } }
  })
}

function commandsOf(run: Extract<TimelineEntry, { kind: 'run' }>['run']): Step[] {
  const { functionName, commands = [], outcome, eventId } = run
  const given = functionName === undefined ? {} : { function: functionName }
  const event = eventId === undefined ? {} : { event: eventId }
  const asked = commands.filter(({ type }) => type !== 'defaultMessage')
  if (asked.length === 0) return [{ 'expect run': { ...given, ...event, outcome } }]
  return asked.map(({ type, applied }) => ({ 'expect command': { ...given, type, applied } }))
}

function ofEvent(entry: Extract<TimelineEntry, { kind: 'event' }>): Step[] {
  const { type, role, by, to } = entry
  if (type === 'joined' && role === 'ASSIGNED_AGENT') return ['agent accepts']
  if (type === 'skill' && to !== undefined) return [{ 'agent transfers': { skill: to } }]
  if (type !== 'dialog-closed' || entry.dialogId === undefined) return []
  if (by === 'CONSUMER') return ['consumer closes']
  return by === 'AGENT' ? ['agent closes'] : [{ 'expect conversation': { state: 'CLOSE' } }]
}
