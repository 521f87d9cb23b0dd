import type { TimelineEntry, WholeInvocation } from '@parley/contract'
import { logLines } from '../log-lines.ts'
import type { Activity } from './activity.ts'

const ID_CHARACTERS = 8
const MARGIN = ' '.repeat(9 + ID_CHARACTERS + 2)

type Event = Extract<TimelineEntry, { kind: 'event' }>
type Message = Extract<TimelineEntry, { kind: 'message' }>

/**
 * One activity as a person reads it: time (UTC), the beginning of the conversation's id, what happened; more under it.
 * @param nameOf the name of a function by its id
 */
export function activityText(activity: Activity, nameOf: (functionId: string) => string): string {
  const { conversationId = '-', entry } = activity
  const [first = '', ...rest] = linesOf(entry, nameOf)
  const head = `${entry.at.slice(11, 19)} ${conversationId.slice(0, ID_CHARACTERS).padEnd(ID_CHARACTERS)}`
  return [`${head}  ${first}`, ...rest.map((line) => `${MARGIN}${line}`)].join('\n').concat('\n')
}

function linesOf(entry: Activity['entry'], nameOf: (functionId: string) => string): string[] {
  switch (entry.kind) {
    case 'event':
      return [eventLine(entry)]
    case 'message':
      return [messageLine(entry)]
    case 'run':
      return runLines(entry.run)
    case 'log':
      return logLines({
        ...entry.log,
        message: `${nameOf(entry.log.functionId)}: ${entry.log.message}`,
      })
  }
}

function eventLine({ type, role, userId, from, to, by, dialogId }: Event): string {
  const rest = [
    role,
    userId,
    from !== undefined && `from ${from}`,
    to !== undefined && `to ${to}`,
    by !== undefined && `by ${by}`,
    type.startsWith('dialog') && dialogId,
  ]
  return ['*', type, ...rest.filter(Boolean)].join(' ')
}

function messageLine({ by, event, audience }: Message): string {
  const said = 'message' in event ? event['message'] : (event['status'] ?? event.type)
  const text = typeof said === 'string' ? said : JSON.stringify(said)
  return `${by.role}${audience === 'ALL' ? '' : ' (private)'}: ${text.replaceAll('\n', ' ⏎ ')}`
}

/** A run with what became of its commands, and where it failed. */
export function runLines(run: WholeInvocation): string[] {
  const { functionName, functionId, version, outcome, durationMs, eventId, source } = run
  const lines = [
    `run ${functionName ?? functionId} v${version} ${outcome} ${durationMs.toFixed(0)} ms (${eventId ?? source})`,
  ]
  for (const { type, applied, reason } of run.commands ?? []) {
    lines.push(
      `  command ${type}: ${applied ? 'applied' : 'ignored'}${reason ? `, ${reason}` : ''}`,
    )
  }
  if (run.errorMessage !== undefined) lines.push(`  ${run.errorMessage}`)
  const [place] = /index\.[jt]s:\d+:\d+/.exec(run.stack ?? '') ?? []
  if (place) lines.push(`  at ${place}`)
  return lines
}
