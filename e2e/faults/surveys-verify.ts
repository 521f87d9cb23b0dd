import { isDeepStrictEqual } from 'node:util'
import { call, type Session } from '@parley/client'
import { type InvocationSummary, listInvocations, listSurveyRuns } from '@parley/contract'
import { eventually } from '../live/eventually.ts'
import { readHistory, sequenceComplaints, type Stored } from './cluster-history.ts'
import { type Run, runsOf } from './cluster-witness.ts'
import { newest } from './ledger.ts'
import { EVENTS, QUESTIONS, THANKS } from './surveys-stage.ts'
import type { SurveyEntry } from './surveys-takers.ts'

/** Holds what was acknowledged, and what ran, against what is stored. */
export async function verifySurveys(
  admin: Session,
  entries: readonly SurveyEntry[],
  runs: readonly Run[],
): Promise<string[]> {
  const complaints: string[] = []
  for (const entry of newest(entries)) {
    const { conversationId } = entry
    const stored = await readHistory(admin, entry)
    const found = [
      ...(entry.isOver ? [] : ['did not come to its end']),
      ...sequenceComplaints(stored),
      ...dialogComplaints(stored, entry),
      ...(await answerComplaints(admin, entry)),
      ...eventComplaints(await recordsOf(admin, conversationId), runsOf(runs, conversationId)),
    ]
    complaints.push(...found.map((complaint) => `${conversationId}: ${complaint}`))
  }
  return complaints
}

/** The bot asked every question once, each was answered once, and the survey ended once. */
function dialogComplaints(stored: readonly Stored[], { answers }: SurveyEntry): string[] {
  const said = stored.filter(({ type }) => type === 'ContentEvent').map(({ text }) => text)
  const due = QUESTIONS.flatMap(({ text }, nth) => [text, answers[nth]])
  return isDeepStrictEqual(said.slice(1), [...due, THANKS])
    ? []
    : [`the survey went ${JSON.stringify(said)}`]
}

async function answerComplaints(
  admin: Session,
  { conversationId, dialogId, answers }: SurveyEntry,
): Promise<string[]> {
  const { runs } = await call(admin, listSurveyRuns, { query: { conversationId } })
  const kept = runs.map((run) => ({
    dialogId: run.dialogId,
    outcome: run.outcome,
    answers: run.answers.map(({ questionId, text }) => [questionId, text]),
  }))
  const due = {
    dialogId,
    outcome: 'completed',
    answers: QUESTIONS.map(({ id }, nth) => [id, answers[nth]]),
  }
  return isDeepStrictEqual(kept, [due]) ? [] : [`its runs are ${JSON.stringify(kept)}`]
}

/** The last events are raised a moment after the survey. */
async function recordsOf(admin: Session, conversationId: string): Promise<InvocationSummary[]> {
  const read = async () => {
    const query = { conversationId, limit: 500 }
    const { invocations } = await call(admin, listInvocations, { query })
    return invocations.filter(({ eventId }) => EVENTS.includes(eventId ?? ''))
  }
  try {
    return await eventually('Both events', async () => {
      const records = await read()
      return records.length >= EVENTS.length ? records : undefined
    })
  } catch {
    return await read()
  }
}

/** Each of the events had its effect, the record in the commit that ends it, once, and all its runs one request. */
function eventComplaints(records: readonly InvocationSummary[], runs: readonly Run[]): string[] {
  return EVENTS.flatMap((event) => {
    const outcomes = records.filter(({ eventId }) => eventId === event)
    const requests = new Set(runs.filter((run) => run.event === event).map((run) => run.requestId))
    const isOnce =
      outcomes.length === 1 &&
      outcomes[0]?.outcome === 'SUCCEEDED' &&
      requests.size === 1 &&
      requests.has(outcomes[0].invocationId)
    const what = outcomes.map(({ outcome }) => outcome).join(' ')
    return isOnce ? [] : [`${event}: records ${what || 'none'}, ${requests.size} requests`]
  })
}
