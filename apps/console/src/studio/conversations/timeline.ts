import type { TimelineEntry } from '@parley/contract'

type EntryOf<Kind extends TimelineEntry['kind']> = Extract<TimelineEntry, { kind: Kind }>
export type MessageEntry = EntryOf<'message'>
export type Run = EntryOf<'run'>['run']

/** What an event asked of one function: all its attempts, oldest first. */
export interface RunLine {
  kind: 'run'
  key: string
  at: string
  attempts: readonly [Run, ...Run[]]
  /** The attempt that counted: the last one. */
  last: Run
  /** What the consumer saw from the first attempt until the next one of its events. */
  saw: MessageLine[]
}

export interface MessageLine {
  kind: 'message'
  key: string
  at: string
  entry: MessageEntry
  text: string | undefined
  /** The last that the consumer's device has said of it. */
  seen: { status: 'ACCEPT' | 'READ'; at: string } | undefined
  /** Of an automatic message: the run that said it, and the one that was asked before it. */
  cause: RunLine | undefined
  asked: RunLine | undefined
}

export interface EventLine {
  kind: 'event'
  key: string
  at: string
  entry: EntryOf<'event'>
}

export type Line = EventLine | MessageLine | RunLine

/** Runs are noted when they end, and what they cause is committed with that. */
const CAUSE_WITHIN_MS = 60_000

/** A timeline as people read it: attempts together, receipts at their messages, automatic messages at what caused them. */
export function linesOf(entries: readonly TimelineEntry[]): Line[] {
  const runs = groupRuns(entries.flatMap((one) => (one.kind === 'run' ? [one.run] : [])))
  const messages = entries
    .filter((entry) => entry.kind === 'message' && entry.event.type !== 'AcceptStatusEvent')
    .map((entry) => messageLine(entry as MessageEntry))
  noteReceipts(entries, messages)
  noteCauses(messages, runs)
  const events = entries
    .filter((entry) => entry.kind === 'event')
    .map((entry, index): EventLine => ({ kind: 'event', key: `e${index}`, at: entry.at, entry }))
  return [...events, ...messages, ...runs].toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
}

/** Attempts at the same are one line. */
export function groupRuns(runs: readonly Run[]): RunLine[] {
  const groups = new Map<string, [Run, ...Run[]]>()
  for (const run of runs) {
    const key = `${run.invocationId}/${run.functionId}`
    const group = groups.get(key)
    if (group) group.push(run)
    else groups.set(key, [run])
  }
  return [...groups.values()].map((attempts) => {
    const [first] = attempts
    const last = attempts.at(-1) ?? first
    return { kind: 'run', key: `r${first.recordId}`, at: first.startedAt, attempts, last, saw: [] }
  })
}

function messageLine(entry: MessageEntry): MessageLine {
  return {
    kind: 'message',
    key: `m${entry.dialogId}/${entry.sequence}`,
    at: entry.at,
    entry,
    text: textOf(entry.event),
    seen: undefined,
    cause: undefined,
    asked: undefined,
  }
}

function textOf(event: MessageEntry['event']): string | undefined {
  const { message } = event
  return typeof message === 'string' ? message : undefined
}

function noteReceipts(entries: readonly TimelineEntry[], messages: readonly MessageLine[]): void {
  const byKey = new Map(messages.map((line) => [line.key, line]))
  for (const entry of entries) {
    if (entry.kind !== 'message' || entry.by.role !== 'CONSUMER') continue
    const { type, status, sequenceList } = entry.event
    if (type !== 'AcceptStatusEvent' || (status !== 'READ' && status !== 'ACCEPT')) continue
    for (const sequence of Array.isArray(sequenceList) ? sequenceList : []) {
      const line = byKey.get(`m${entry.dialogId}/${String(sequence)}`)
      if (line && (!line.seen || status === 'READ')) line.seen = { status, at: entry.at }
    }
  }
}

/** What an automatic message answers is noted with it; with those of before it is not. */
function noteCauses(messages: readonly MessageLine[], runs: readonly RunLine[]): void {
  for (const line of messages) {
    const { cause } = line.entry
    if (!cause) continue
    const asked = runs.filter(({ last }) => last.invocationId === cause.invocationId)
    // Of several functions of one event, the one that has returned just this.
    const run = asked.find(({ last }) => said(last) === line.text) ?? asked.at(0)
    if (cause.isDefault) line.asked = run
    else line.cause = run
    run?.saw.push(line)
  }
  guessCauses(
    messages.filter(({ entry }) => !entry.cause),
    runs,
  )
}

/** It belongs to the newest run before it that has asked for just this text. */
function guessCauses(messages: readonly MessageLine[], runs: readonly RunLine[]): void {
  const open = new Set(runs)
  for (const line of messages) {
    if (line.entry.by.role !== 'CONTROLLER') continue
    const at = Date.parse(line.at)
    const before = runs.filter(({ at: began, last }) => {
      const end = Date.parse(last.startedAt) + last.durationMs
      return Date.parse(began) <= at && at <= end + CAUSE_WITHIN_MS
    })
    line.cause = before.findLast((run) => open.has(run) && said(run.last) === line.text)
    if (line.cause) open.delete(line.cause)
    else line.asked = before.findLast((run) => said(run.last) === undefined || open.has(run))
    ;(line.cause ?? line.asked)?.saw.push(line)
  }
}

/** The text of the command that was sent to the consumer. */
function said({ result, commands }: Run): string | undefined {
  if (!commands?.some(({ type, applied }) => type === 'systemMessage' && applied)) return undefined
  for (const command of [result].flat() as unknown[]) {
    if (typeof command !== 'object' || command === null) continue
    const { type, text } = command as { type?: unknown; text?: unknown }
    if (type === 'systemMessage' && typeof text === 'string') return text
  }
  return undefined
}
