import { MailAttempt, MailHeader, MailState } from '@parley/contract'
import * as z from 'zod'

export const MAIL = 'mail'

/** A mail as it is stored: one versioned document. What a transcript says is rendered from its chat when it is needed. */
export const StoredMail = MailHeader.extend({
  mailId: z.string(),
  /** Of a transcript. */
  chatId: z.string().optional(),
  /** Of every other mail: what it says. */
  content: z.object({ html: z.string(), text: z.string() }).optional(),
  messageId: z.string(),
  /** Receives what cannot be delivered. */
  envelopeSender: z.string(),
  state: MailState,
  heldBecause: z.string().optional(),
  source: z.string(),
  recordId: z.string().optional(),
  createdAt: z.number(),
  updatedAt: z.number(),
  nextAttemptAt: z.number().optional(),
  /** How often a user or a decision has asked to send it. Outbox rows of earlier rounds have no effect. */
  round: z.int(),
  /** The round by whose ordering key its rows wait for each other, if it is another one. Also of a held mail: of its next round. */
  rowsOf: z.int().optional(),
  /** Tries in this round. */
  triesOfRound: z.int(),
  tries: z.int(),
  attempts: z.array(MailAttempt),
})
export type StoredMail = z.infer<typeof StoredMail>

export function withoutNextAttempt(mail: StoredMail): StoredMail {
  const copy = { ...mail }
  delete copy.nextAttemptAt
  return copy
}

/** Nothing holds it any more. */
export function released(mail: StoredMail): StoredMail {
  const copy = withoutNextAttempt(mail)
  delete copy.heldBecause
  return copy
}

/**
 * By which ordering key the rows of a mail wait that is held or sent by hand now. While an attempt may be under way, it is that of its row: the
 * mail server may take the mail, and then no other attempt is wanted. Else it is a new one: a row that is due in hours must not delay it.
 */
export function nextRowsOf(mail: StoredMail, now: number): number {
  const { state, round, rowsOf = round, nextAttemptAt = Infinity } = mail
  const isDue = state === 'queued' || (state === 'deferred' && nextAttemptAt <= now)
  // Who has held it has chosen.
  return isDue || (state === 'held' && mail.rowsOf !== undefined) ? rowsOf : round + 1
}

/** How a mail is read and changed. */
export function mailRef(mailId: string) {
  const busy = { code: 'mail_changed_meanwhile' as const }
  return { kind: MAIL, id: mailId, schema: StoredMail, name: `Mail "${mailId}"`, busy }
}

/** Whether a mail in this state is to be sent without anything else happening to it. */
export function waitsForSending(state: MailState): boolean {
  switch (state) {
    case 'queued':
    case 'deferred':
      return true
    case 'held':
    case 'sent':
    case 'kept':
    case 'refused':
    case 'failed':
    case 'bounced':
      return false
  }
}
