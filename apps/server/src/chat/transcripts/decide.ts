import type { TranscriptDecision } from '@parley/contract'
import { tellChange } from '#base/changes'
import type { OutboxRow } from '#base/delivery'
import { type EventAnswer, missedRun } from '#faas/invocations'
import type { QueuedMail } from '#chat/mail'
import type { InvocationRecord } from '#faas/records'
import type { TranscriptDeps } from './deps.ts'
import { fittingRules } from './fitting-rules.ts'
import { readReturnedMails } from './read-returned-mails.ts'
import { DECISION } from './repository.ts'
import type { SubmittedSurvey } from './submitted-survey.ts'

/** The event of a submitted survey after a chat. */
const SURVEY_SUBMITTED = 'denver_post_survey_email_transcript'

/** The platform could not run a function. The outbox row is handled again: that was no answer of the function. */
export class NotAsked extends Error {
  override name = 'NotAsked'
}

interface Verdict extends Omit<TranscriptDecision, 'chatId' | 'decidedAt' | 'mailIds'> {
  mails: QueuedMail[]
}

const NOTHING = { mails: [], leftOut: [], moreLeftOut: 0 }

/**
 * Asks the deployed functions, or the rules if there are none, and enqueues the mails in the commit that ends the row. If a
 * node dies before that commit, another node handles the row; after it, each mail is enqueued once.
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
  const missed = missedRun(answer)
  if (missed) {
    await deps.delivery.commit({ accountId, documents: [], invocations: records })
    throw new NotAsked(`The function ${missed.name} could not be run`)
  }
  const verdict =
    answer.functions.length > 0
      ? verdictOfFunctions(answer)
      : await verdictOfRules(deps, accountId, facts)
  await record(deps, row, verdict, records)
}

/** A function that could not be run at the last attempt counts as failed. After other errors the row becomes a dead letter. */
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

/** If one function fails, the chat gets no mail. The function is not asked again. */
function verdictOfFunctions({ functions }: EventAnswer): Verdict {
  const sources = functions.map(({ name }) => name)
  const failed = functions.find(({ outcome }) => !outcome.ok)
  if (failed && !failed.outcome.ok) {
    const error = `${failed.name}: ${failed.outcome.errorCode}`
    return { ...NOTHING, by: 'functions', outcome: 'failed', error, sources }
  }
  const results = functions.map(({ outcome }) => (outcome.ok ? outcome.result : undefined))
  const returned = readReturnedMails(results)
  const runOf = (position: number) => functions[returned.resultOf(position)]
  const mails = returned.headers.map((header, index) => {
    const { name = '', record } = runOf(returned.positions[index] ?? 0) ?? {}
    return { header, source: name, isSenderChecked: true, recordId: record?.recordId }
  })
  const leftOut = returned.leftOut.map((entry) => ({
    ...entry,
    recordId: runOf(entry.position)?.record.recordId,
  }))
  const outcome = mails.length > 0 ? 'mails' : 'none'
  const { moreLeftOut } = returned
  return { by: 'functions', outcome, sources, mails, leftOut, moreLeftOut }
}

async function verdictOfRules(
  deps: TranscriptDeps,
  accountId: string,
  facts: SubmittedSurvey,
): Promise<Verdict> {
  const { rules } = (await deps.settings.get(accountId)).transcripts
  const fitting = fittingRules(rules, facts)
  const mails = fitting.map(({ ruleId, mail }) => ({
    header: mail,
    source: ruleId,
    isSenderChecked: false,
  }))
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
  const enqueued = await deps.mails.enqueue(accountId, { chatId }, mails)
  const decision: TranscriptDecision = {
    ...verdict,
    chatId,
    decidedAt: new Date(at).toISOString(),
    mailIds: enqueued.mailIds,
  }
  if (verdict.outcome === 'failed' || verdict.leftOut.length > 0) {
    deps.logger.warn({ accountId, ...decision }, 'Transcript not sent as requested')
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
  if (status === 'applied' && mails.length > 0)
    tellChange(deps.store, accountId, { topic: 'mails' })
  tellChange(deps.store, accountId, { topic: 'chats' })
  // The chat has its decision already: a user has put the row back.
  if (status === 'stale') await deps.delivery.end(row)
  // It was erased while its function ran, which may have logged since.
  if (status === 'gone') await deps.records.erase(accountId, { conversationIds: [chatId] })
}
