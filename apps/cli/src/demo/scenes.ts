import type { DialogMessage } from '@parley/client'
import type { Text } from './columns.ts'
import type { InvocationRecord } from './record.ts'

const heading = (text: string): Text => ({ text, tone: 'strong' })
const blank: Text = { text: '' }

/** JSON as a person reads it: short objects on one line, two spaces of indentation. */
export function jsonLines(value: unknown, width = 60, indent = ''): string[] {
  const flat = JSON.stringify(value) ?? 'undefined'
  if (typeof value !== 'object' || value === null || flat.length + indent.length <= width) {
    return [indent + flat]
  }
  const inner = `${indent}  `
  const isList = Array.isArray(value)
  const parts = Object.entries(value).map(([key, item]) => {
    const lines = jsonLines(item, width, inner)
    const first = `${inner}${isList ? '' : `${key}: `}${(lines[0] ?? '').trimStart()}`
    return [first, ...lines.slice(1)]
  })
  return [indent + (isList ? '[' : '{'), ...parts.flat(), indent + (isList ? ']' : '}')]
}

function json(value: unknown): Text[] {
  return jsonLines(value).map((text) => ({ text, tone: 'faint' }))
}

const SPEAKERS: Record<string, string> = {
  CONSUMER: 'You',
  CONTROLLER: 'Controller Bot',
  ASSIGNED_AGENT: 'Agent',
}

const timeOf = (at: number) => new Date(at).toISOString().slice(11, 23)

export function opening(at: number): Text[] {
  return [{ text: `You opened a conversation · ${timeOf(at)}`, tone: 'faint' }]
}

export function speech({ role, text, at }: Pick<DialogMessage, 'role' | 'text' | 'at'>): Text[] {
  const tone = role === 'CONSUMER' ? 'plain' : 'good'
  return [
    { text: `${SPEAKERS[role] ?? role} · ${timeOf(at)}`, tone: 'faint' },
    { text, tone },
  ]
}

function commandLines(commands: InvocationRecord['commands']): Text[] {
  if (commands.length === 0) return [{ text: 'none: the default automatic message goes out' }]
  return commands.map(({ type, applied, reason }) =>
    applied
      ? { text: `✓ ${type} applied`, tone: 'good' }
      : { text: `✗ ${type} ignored: ${reason ?? 'no reason given'}`, tone: 'bad' },
  )
}

const ms = (value: number) => `${value.toFixed(1)} ms`

export interface Timings {
  acknowledgedMs: number
  /** Absent when the function has said nothing. */
  answeredMs: number | undefined
}

/** Everything between the consumer's message and the function's answer. */
export function invocationScene(record: InvocationRecord, timings: Timings): Text[] {
  const { eventId, input } = record
  const payload = input?.payload
  return [
    heading('EVENT'),
    { text: `${eventId ?? 'none'} · ${payload?.general?.cbotEventType ?? ''}` },
    blank,
    heading('PAYLOAD'),
    ...json(payload),
    blank,
    ...answerTexts(record),
    blank,
    ...timingTexts(record, timings),
  ]
}

/** What the function answered, and what became of its commands. */
export function answerTexts({ result, commands, outcome, errorCode }: InvocationRecord): Text[] {
  return [
    heading('ANSWER OF THE FUNCTION'),
    ...(outcome === 'SUCCEEDED'
      ? json(result)
      : [{ text: `${outcome} ${errorCode ?? ''}`, tone: 'bad' } as const]),
    blank,
    heading('COMMANDS'),
    ...commandLines(commands),
  ]
}

export function timingTexts({ durationMs, start }: InvocationRecord, timings: Timings): Text[] {
  const { acknowledgedMs, answeredMs } = timings
  return [
    heading('TIMINGS'),
    { text: `${ms(acknowledgedMs)}  message stored and acknowledged` },
    { text: `${ms(durationMs)}  the function ran${start ? ` (${start})` : ''}` },
    ...(answeredMs === undefined
      ? []
      : [{ text: `${ms(answeredMs)}  from sending to the bot's message on the socket` }]),
  ]
}
