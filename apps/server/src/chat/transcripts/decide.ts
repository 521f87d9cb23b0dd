import type { TranscriptDecision } from '@parley/contract'
import type { OutboxRow } from '#base/delivery'
import type { EventAnswer } from '#faas/invocations'
import type { OrderedMail } from '#chat/mail'
import type { InvocationRecord } from '#faas/records'
import { DECISION } from './decision-kind.ts'
import type { TranscriptRoom } from './deps.ts'
import { fittingRules } from './fitting-rules.ts'
import { readOrders } from './read-orders.ts'
import type { SubmittedSurvey } from './submitted-survey.ts'

/** A chat is over and its survey has been submitted. */
const SURVEY_SUBMITTED = 'denver_post_survey_email_transcript'

/** The platform could not run the function. That is no answer of the function: it is asked again. */
export class NotAsked extends Error {
  override name = 'NotAsked'
}

interface Verdict extends Omit<TranscriptDecision, 'chatId' | 'decidedAt' | 'mailIds'> {
  mails: OrderedMail[]
}

const NOTHING = { mails: [], leftOut: [], moreLeftOut: 0 }

/**
 * Asks the deployed functions, or the rules where there are none, and orders the mails in the commit that ends the row: a
 * node that dies before leaves the row to another, one that dies after has ordered each mail once.
 */
export async function decideTranscript(
  room: TranscriptRoom,
  row: OutboxRow<SubmittedSurvey>,
): Promise<void> {
  const { facts, accountId } = row
  const answer = await room.invocations.invokeEvent(accountId, {
    eventId: SURVEY_SUBMITTED,
    invocationId: facts.invocationId,
    conversationId: facts.chatId,
    source: 'Chat Service',
    attempt: row.attempt,
    payload: facts.payload,
  })
  const records = answer.functions.map(({ record }) => record)
  const missed = answer.functions.find(
    ({ outcome, record }) =>
      !outcome.ok && outcome.retryable && record.outcome === 'PLATFORM_FAILURE',
  )
  if (missed) {
    await room.delivery.commit({ accountId, documents: [], invocations: records })
    throw new NotAsked(`The function ${missed.name} could not be run`)
  }
  const verdict =
    answer.functions.length > 0 ? functionsSay(answer) : await rulesSay(room, accountId, facts)
  await record(room, row, verdict, records)
}

/** A function that could not be run to the last counts as one that failed. Everything else is kept for redrive. */
export async function giveUpTranscript(
  room: TranscriptRoom,
  row: OutboxRow<SubmittedSurvey>,
  cause: unknown,
): Promise<void> {
  if (!(cause instanceof NotAsked)) throw cause
  const verdict: Verdict = {
    ...NOTHING,
    by: 'functions',
    outcome: 'failed',
    error: cause.message,
    sources: [],
  }
  await record(room, row, verdict, [])
}

/** One failing function stops all mails of the chat; it is not asked again. */
function functionsSay({ functions }: EventAnswer): Verdict {
  const sources = functions.map(({ name }) => name)
  const failed = functions.find(({ outcome }) => !outcome.ok)
  if (failed && !failed.outcome.ok) {
    const error = `${failed.name}: ${failed.outcome.errorCode}`
    return { ...NOTHING, by: 'functions', outcome: 'failed', error, sources }
  }
  const results = functions.map(({ outcome }) => (outcome.ok ? outcome.result : undefined))
  const { orders, leftOut, moreLeftOut } = readOrders(results)
  const source = sources.join(', ')
  const mails = orders.map((order) => ({ order, source }))
  const outcome = mails.length > 0 ? 'mails' : 'none'
  return { by: 'functions', outcome, sources, mails, leftOut, moreLeftOut }
}

async function rulesSay(
  room: TranscriptRoom,
  accountId: string,
  facts: SubmittedSurvey,
): Promise<Verdict> {
  const { rules } = await room.settings.get(accountId)
  const fitting = fittingRules(rules, facts)
  const mails = fitting.map(({ ruleId, mail }) => ({ order: mail, source: ruleId }))
  const sources = fitting.map(({ ruleId }) => ruleId)
  return { ...NOTHING, by: 'rules', outcome: mails.length > 0 ? 'mails' : 'none', sources, mails }
}

async function record(
  room: TranscriptRoom,
  row: OutboxRow<SubmittedSurvey>,
  { mails, ...verdict }: Verdict,
  records: readonly InvocationRecord[],
): Promise<void> {
  const { accountId, facts } = row
  const { chatId } = facts
  const at = room.clock.now()
  const ordered = await room.mails.writesFor(accountId, chatId, mails)
  const decision: TranscriptDecision = {
    ...verdict,
    chatId,
    decidedAt: new Date(at).toISOString(),
    mailIds: ordered.mailIds,
  }
  if (verdict.outcome === 'failed' || verdict.leftOut.length > 0) {
    room.logger.warn({ accountId, ...decision }, 'transcript not sent as asked')
  }
  const { status } = await room.delivery.commit({
    accountId,
    documents: [
      { kind: DECISION, id: chatId, readVersion: 0, state: decision },
      ...ordered.documents,
    ],
    outbox: ordered.outbox,
    invocations: [...records],
    completesRow: { outboxId: row.id },
  })
  // Decided already, from a row that was put back by hand.
  if (status === 'stale') await room.delivery.end(row)
}
