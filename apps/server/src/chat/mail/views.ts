import type { TranscriptMailRecord } from '@parley/contract'
import type { StoredMail } from './mail-state.ts'

export function mailView(mail: StoredMail): TranscriptMailRecord {
  const { mailId, chatId, messageId, state, heldBecause, source, recordId, tries, attempts } = mail
  const { targetEmail, senderName, senderEmail, subject, createdAt, updatedAt, nextAttemptAt } =
    mail
  return {
    mailId,
    ...(chatId !== undefined && { chatId }),
    messageId,
    state,
    ...(heldBecause !== undefined && { heldBecause }),
    source,
    ...(recordId !== undefined && { recordId }),
    tries,
    attempts,
    targetEmail,
    senderName,
    senderEmail,
    subject,
    createdAt: new Date(createdAt).toISOString(),
    updatedAt: new Date(updatedAt).toISOString(),
    ...(nextAttemptAt !== undefined && { nextAttemptAt: new Date(nextAttemptAt).toISOString() }),
  }
}
