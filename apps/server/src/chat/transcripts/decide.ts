import type { TranscriptDecision } from '@parley/contract'
import type { OutboxRow } from '#base/delivery'
import type { EventAnswer } from '#faas/invocations'
import type { QueuedMail } from '#chat/mail'
import type { InvocationRecord } from '#faas/records'
import type { TranscriptDeps } from './deps.ts'
import { fittingRules } from './fitting-rules.ts'
import { readReturnedMails } from './read-returned-mails.ts'
import { DECISION } from './repository.ts'
import type { SubmittedSurvey } from './submitted-survey.ts'

/** A chat is over and its survey has been submitted. */
const SURVEY_SUBMITTED = 'denver_post_survey_email_transcript'

/** The platform could not run the function. That is no answer of the function: it is asked again. */
export class NotAsked extends Error {
  override name = 'NotAsked'
}

interface Verdict extends Omit<TranscriptDecision, 'chatId' | 'decidedAt' | 'mailIds'> {
  mails: QueuedMail[]
}

const NOTHING = { mails: [], leftOut: [], moreLeftOut: 0 }

/**
 * Asks the deployed functions, or the rules where there are none, and orders the mails in the commit that ends the row: a
 * node that dies before leaves the row to another, one that dies after has enqueued each mail once.
 */
export async function decideTranscript(
  deps: TranscriptDeps,
  row: OutboxRow<SubmittedSurvey>,
): Promise<void> {
  const { facts, accountId } = row
  const answer = await deps.invocations.invokeEvent(accountId, {
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
    await deps.delivery.commit({ accountId, documents: [], invocations: records })
    throw new NotAsked(`The function ${missed.name} could not be run`)
  }
  const verdict =
    answer.functions.length > 0 ? functionsSay(answer) : await rulesSay(deps, accountId, facts)
  await record(deps, row, verdict, records)
}

/** A function that could not be run to the last counts as one that failed. Everything else is kept for redrive. */
export async function giveUpTranscript(
  deps: TranscriptDeps,
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
  await record(deps, row, verdict, [])
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
  const { headers, leftOut, moreLeftOut } = readReturnedMails(results)
  const source = sources.join(', ')
  const mails = headers.map((header) => ({ header, source }))
  const outcome = mails.length > 0 ? 'mails' : 'none'
  return { by: 'functions', outcome, sources, mails, leftOut, moreLeftOut }
}

async function rulesSay(
  deps: TranscriptDeps,
  accountId: string,
  facts: SubmittedSurvey,
): Promise<Verdict> {
  const { rules } = await deps.settings.get(accountId)
  const fitting = fittingRules(rules, facts)
  const mails = fitting.map(({ ruleId, mail }) => ({ header: mail, source: ruleId }))
  const sources = fitting.map(({ ruleId }) => ruleId)
  return { ...NOTHING, by: 'rules', outcome: mails.length > 0 ? 'mails' : 'none', sources, mails }
}

async function record(
  deps: TranscriptDeps,
  row: OutboxRow<SubmittedSurvey>,
  { mails, ...verdict }: Verdict,
  records: readonly InvocationRecord[],
): Promise<void> {
  const { accountId, facts } = row
  const { chatId } = facts
  const at = deps.clock.now()
  const enqueued = await deps.mails.enqueue(accountId, chatId, mails)
  const decision: TranscriptDecision = {
    ...verdict,
    chatId,
    decidedAt: new Date(at).toISOString(),
    mailIds: enqueued.mailIds,
  }
  if (verdict.outcome === 'failed' || verdict.leftOut.length > 0) {
    deps.logger.warn({ accountId, ...decision }, 'transcript not sent as asked')
  }
  const { status } = await deps.delivery.commit({
    accountId,
    documents: [
      { kind: DECISION, id: chatId, readVersion: 0, state: decision },
      ...enqueued.documents,
    ],
    outbox: enqueued.outbox,
    invocations: [...records],
    completesRow: { outboxId: row.id },
  })
  // Decided already, from a row that was put back by hand.
  if (status === 'stale') await deps.delivery.end(row)
}
