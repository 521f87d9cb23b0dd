import { call } from '@parley/client'
import { readTimeline, type TimelineEntry } from '@parley/contract'
import { durationText } from '../duration.ts'
import type { World } from './world.ts'

type Speaker = 'bot' | 'survey' | 'agent' | 'consumer'

/** One message, as a scenario speaks of it. */
export interface SaidMessage {
  readonly at: number
  readonly from: Speaker | 'visitor'
  readonly text: string
}

export type Run = Extract<TimelineEntry, { kind: 'run' }>['run']

/** What was said in a conversation, and what ran, the oldest first. */
export async function readConversation(
  { session }: Pick<World, 'session'>,
  conversationId: string,
): Promise<{ messages: SaidMessage[]; runs: Run[] }> {
  const entries: TimelineEntry[] = []
  let after: string | undefined
  do {
    const query = { limit: 200, ...(after !== undefined && { after }) }
    const page = await call(session, readTimeline, { params: { conversationId }, query })
    entries.push(...page.entries)
    after = page.next
  } while (after !== undefined)
  return {
    messages: entries.flatMap((entry) => messageOf(entry, conversationId)),
    runs: entries.flatMap((entry) => (entry.kind === 'run' ? [entry.run] : [])),
  }
}

export function messageOf(
  entry: TimelineEntry,
  conversationId: string,
): (SaidMessage & { from: Speaker })[] {
  if (entry.kind !== 'message' || entry.event.type !== 'ContentEvent') return []
  const { message } = entry.event
  const text =
    typeof message === 'string' ? message : JSON.stringify(entry.event['content'] ?? message)
  const isMain = entry.dialogId === conversationId
  const { role } = entry.by
  const from =
    role === 'CONSUMER' ? 'consumer' : role === 'CONTROLLER' ? 'bot' : isMain ? 'agent' : 'survey'
  return [{ at: Date.parse(entry.at), from, text }]
}

/** Messages and failed runs for a person, each with when it was. */
export function describe(
  messages: readonly SaidMessage[],
  runs: readonly Run[],
  since: number,
): string {
  const lines = [
    ...messages.map(({ at, from, text }) => ({
      at,
      line: `${from.padEnd(8)} ${JSON.stringify(text)}`,
    })),
    ...runs
      .filter(({ outcome }) => outcome !== 'SUCCEEDED')
      .map((run) => ({
        at: Date.parse(run.startedAt),
        line: `function ${run.functionName ?? run.functionId}: ${run.outcome} ${run.errorMessage ?? ''}`,
      })),
  ].toSorted((one, another) => one.at - another.at)
  if (lines.length === 0) return '  nothing came'
  return lines
    .map(({ at, line }) => `  +${durationText(Math.max(0, at - since))}  ${line}`)
    .join('\n')
}
