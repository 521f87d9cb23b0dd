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
  answeredMs: number
}

/** Everything between the consumer's message and the function's answer. */
export function invocationScene(record: InvocationRecord, timings: Timings): Text[] {
  const { eventId, input, result, commands, durationMs, start, outcome, errorCode } = record
  const payload = input?.payload
  return [
    heading('EVENT'),
    { text: `${eventId ?? 'none'} · ${payload?.general?.cbotEventType ?? ''}` },
    blank,
    heading('PAYLOAD'),
    ...json(payload),
    blank,
    heading('ANSWER OF THE FUNCTION'),
    ...(outcome === 'SUCCEEDED'
      ? json(result)
      : [{ text: `${outcome} ${errorCode ?? ''}`, tone: 'bad' } as const]),
    blank,
    heading('COMMANDS'),
    ...commandLines(commands),
    blank,
    heading('TIMINGS'),
    { text: `${ms(timings.acknowledgedMs)}  message stored and acknowledged` },
    { text: `${ms(durationMs)}  the function ran${start ? ` (${start})` : ''}` },
    { text: `${ms(timings.answeredMs)}  from sending to the function's message on the socket` },
  ]
}
