import type { Endpoint } from '@parley/client'
import { readHistory, sequenceComplaints, type Stored } from './cluster-history.ts'
import { EVENTS, handledIn } from './cluster-stage.ts'
import type { VisitEntry } from './cluster-visits.ts'
import { type Run, runsOf } from './cluster-witness.ts'

export interface Verdict {
  complaints: string[]
  messages: number
  events: number
}

/** Holds what was acknowledged, and what ran, against what is stored. */
export async function verifyVisits(
  endpoint: Endpoint,
  entries: readonly VisitEntry[],
  runs: readonly Run[],
): Promise<Verdict> {
  const verdict: Verdict = { complaints: [], messages: 0, events: 0 }
  for (const [conversationId, own] of Map.groupBy(entries, (entry) => entry.conversationId)) {
    const [{ jwt } = { jwt: '' }] = own
    const stored = await readHistory(endpoint, { jwt, conversationId, dialogId: conversationId })
    verdict.messages += stored.length
    verdict.events += stored.filter(({ text }) => handledIn(text)).length
    const found = [
      ...sequenceComplaints(stored),
      ...messageComplaints(stored, own),
      ...eventComplaints(stored),
      ...runComplaints(stored, runsOf(runs, conversationId)),
    ]
    if (!own.some(({ isOver }) => isOver)) found.push('did not come to its end')
    verdict.complaints.push(...found.map((complaint) => `${conversationId}: ${complaint}`))
  }
  return verdict
}

/** The consumer's messages are those that were acknowledged, where they were, once. */
function messageComplaints(stored: readonly Stored[], entries: readonly VisitEntry[]): string[] {
  const acknowledged = entries.flatMap(({ message }) => message ?? [])
  const own = stored.filter(({ role }) => role === 'CONSUMER')
  const lost = acknowledged.filter(
    ({ sequence, text }) => !own.some((one) => one.sequence === sequence && one.text === text),
  )
  return [
    ...lost.map((message) => `the acknowledged message ${JSON.stringify(message)} is lost`),
    ...(own.length === acknowledged.length
      ? []
      : [`${own.length} messages are stored, ${acknowledged.length} were acknowledged`]),
  ]
}

/** Every event had its effect once, and there are no other messages. */
function eventComplaints(stored: readonly Stored[]): string[] {
  const said = stored.filter(({ role }) => role !== 'CONSUMER').map(({ text }) => text)
  const handled = said.flatMap((text) => handledIn(text) ?? [])
  const strange = said.filter((text) => !handledIn(text))
  const times = Map.groupBy(handled, ({ event }) => event)
  const wrong = [...new Set([...Object.keys(EVENTS), ...times.keys()])]
    .map((event) => ({ event, was: times.get(event)?.length ?? 0, due: dueTimes(event) }))
    .filter(({ was, due }) => was !== due)
  return [
    ...wrong.map(({ event, was, due }) => `${event} had its effect ${was} times, not ${due}`),
    ...strange.map((text) => `"${text}" was said by no function`),
  ]
}

function dueTimes(event: string): number {
  return EVENTS[event as keyof typeof EVENTS] ?? 0
}

/** A request that a function was called with has one effect, however often it was called. */
function runComplaints(stored: readonly Stored[], runs: readonly Run[]): string[] {
  const effects = Map.groupBy(
    stored.flatMap(({ text }) => handledIn(text)?.requestId ?? []),
    (requestId) => requestId,
  )
  return [...new Set([...effects.keys(), ...runs.map(({ requestId }) => requestId)])].flatMap(
    (requestId) => {
      const times = effects.get(requestId)?.length ?? 0
      return times === 1 ? [] : [`the request ${requestId} had ${times} effects`]
    },
  )
}
