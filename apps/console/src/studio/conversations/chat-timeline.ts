import type { ChatTimelineEntry } from '@parley/contract'
import { groupRuns, type RunLine } from './timeline.ts'
import { TRANSCRIPT_EVENT } from './transcript-event.ts'

type EntryOf<Kind extends ChatTimelineEntry['kind']> = Extract<ChatTimelineEntry, { kind: Kind }>
type Said = EntryOf<'entry'>['entry']
export type Decision = EntryOf<'decision'>['decision']
export type Mail = EntryOf<'mail'>['mail']

interface Common {
  key: string
  at: string
}

/** What the consumer, an agent or a bot wrote. */
export interface WrittenLine extends Common {
  kind: 'line'
  said: Extract<Said, { type: 'line' | 'note' }>
}

export interface ChatChange extends Common {
  kind: 'change'
  change:
    | { type: 'started' }
    | Exclude<Said, { type: 'line' | 'note' }>
    | { type: 'survey'; survey: EntryOf<'survey'> }
    | { type: 'decision'; decision: Decision; runs: RunLine[] }
}

export interface MailLine extends Common {
  kind: 'mail'
  mail: Mail
  /** The run that returned it; undefined where a rule asked for it, or its record is gone or may not be seen. */
  run: RunLine | undefined
  /** Whether functions or rules have decided. */
  by: Decision['by'] | undefined
}

export type ChatLine = ChatChange | MailLine | RunLine | WrittenLine

/** The timeline of a live chat as people read it: attempts together, each mail with the run that asked for it. */
export function chatLinesOf(entries: readonly ChatTimelineEntry[]): ChatLine[] {
  const runs = groupRuns(entries.flatMap((one) => (one.kind === 'run' ? [one.run] : [])))
  const keys = new Map(
    runs.flatMap((line) => line.attempts.map(({ recordId }) => [recordId, line] as const)),
  )
  const firsts = new Map(runs.map((line) => [line.attempts[0].recordId, line]))
  const decision = entries.find((one) => one.kind === 'decision')?.decision
  const asked = runs.filter(({ last }) => last.eventId === TRANSCRIPT_EVENT)

  return entries.flatMap((entry): ChatLine[] => {
    const { at } = entry
    switch (entry.kind) {
      case 'started':
        return [{ kind: 'change', key: 'started', at, change: { type: 'started' } }]
      case 'entry': {
        const said = entry.entry
        const key = `e${said.sequence}`
        return said.type === 'line' || said.type === 'note'
          ? [{ kind: 'line', key, at, said }]
          : [{ kind: 'change', key, at, change: said }]
      }
      case 'survey':
        return [{ kind: 'change', key: 'survey', at, change: { type: 'survey', survey: entry } }]
      case 'decision': {
        const change = { type: 'decision' as const, decision: entry.decision, runs: asked }
        return [{ kind: 'change', key: 'decision', at, change }]
      }
      case 'run': {
        // Its attempts stand where the first of them ran.
        const line = firsts.get(entry.run.recordId)
        return line ? [line] : []
      }
      case 'mail': {
        const { mail } = entry
        const run =
          mail.recordId === undefined
            ? asked.find(({ last }) => last.functionName === mail.source)
            : keys.get(mail.recordId)
        return [{ kind: 'mail', key: `m${mail.mailId}`, at, mail, run, by: decision?.by }]
      }
    }
  })
}
