import * as z from 'zod'
import { tellChange } from '#base/changes'
import type { OutboxRow } from '#base/delivery'
import { ParleyError } from '#base/kernel'
import { changeDocument } from '#base/kit'
import type { MailDeps, MailToSend } from './deps.ts'
import { mailRef, type StoredMail, waitsForSending } from './mail-state.ts'
import { MAIL_SENDING, sendingRow } from './enqueue-mails.ts'
import { contentOfMail } from './content-of-mail.ts'
import type { FoundMail } from './repository.ts'
import { type Attempt, recordAttempt } from './record-attempt.ts'

export const MailSending = z.object({ mailId: z.string(), round: z.int() })
export type MailSending = z.infer<typeof MailSending>

/**
 * Makes one attempt, then records it, and the row of the next attempt if there is one, in the commit that ends the row. If
 * the node dies between the two, another node handles the row: the mail may be sent twice, with one Message-ID.
 */
export async function sendQueuedMail(deps: MailDeps, row: OutboxRow<MailSending>): Promise<void> {
  const { accountId, facts } = row
  using expected = deps.toSend(accountId, facts.mailId)
  const tried = await deps.sending.run(MAIL_SENDING, async () =>
    tryToSend(deps, accountId, facts.round, await expected.read()),
  )
  if (!tried) return await deps.delivery.end(row)
  const { found, attempt } = tried
  await deps.gather()
  const mail = { ...mailRef(facts.mailId), found: { version: found.version, state: found.mail } }
  await changeDocument(deps, accountId, mail, (before) => {
    const completesRow = { outboxId: row.id }
    // It has been erased since it was read.
    if (!before) return { completesRow }
    const state = recordAttempt(before, facts.round, attempt)
    const nextAttemptAt = state.round === facts.round ? state.nextAttemptAt : undefined
    const outbox = nextAttemptAt === undefined ? [] : [sendingRow(state, nextAttemptAt)]
    return { state, outbox, completesRow }
  })
  tellChange(deps.store, accountId, { topic: 'mails' })
}

/** Sees the mail only now, when it is about to be sent: it may have waited for hours, and been held meanwhile. */
async function tryToSend(
  deps: MailDeps,
  accountId: string,
  round: number,
  found: MailToSend | undefined,
): Promise<{ found: FoundMail; attempt: Attempt } | undefined> {
  if (!found || !isWanted(found.mail, round)) return undefined
  const attempt = await attemptToSend(deps, accountId, found)
  // Not what it says: the record may wait.
  return { found: { mail: found.mail, version: found.version }, attempt }
}

function isWanted({ state, round }: StoredMail, askedRound: number): boolean {
  return round === askedRound && waitsForSending(state)
}

async function attemptToSend(
  deps: MailDeps,
  accountId: string,
  { mail, content: known }: MailToSend,
): Promise<Attempt> {
  const { transport, clock } = deps
  const content = known ?? (await contentOfMail(deps, accountId, mail))
  if (!content) return { at: clock.now(), outcome: 'refused', answer: 'The chat has been erased' }
  const { messageId, envelopeSender, senderName, senderEmail, targetEmail, subject } = mail
  try {
    const { answer } = await transport.send({
      accountId,
      messageId,
      envelopeSender,
      sender: { name: senderName, address: senderEmail },
      to: targetEmail,
      subject,
      ...content,
      at: mail.createdAt,
    })
    return { at: clock.now(), outcome: transport.outcome, answer }
  } catch (cause) {
    const outcome = outcomeOf(cause)
    if (!outcome || !(cause instanceof Error)) throw cause
    return { at: clock.now(), outcome, answer: cause.message }
  }
}

function outcomeOf(cause: unknown): 'deferred' | 'refused' | undefined {
  if (!(cause instanceof ParleyError)) return undefined
  if (cause.code === 'mail_deferred') return 'deferred'
  return cause.code === 'mail_refused' ? 'refused' : undefined
}
