import type { MailHeader } from '@parley/contract'
import { joined } from '#base/kernel'
import type { CommitOperation, OutboxInsert } from '#base/store'
import type { MailContent, MailDeps } from './deps.ts'
import { MAIL, type StoredMail } from './mail-state.ts'
import { messageIdOf } from './message-id.ts'

/** The outbox consumer that sends mails. */
export const MAIL_SENDING = 'mail'

const NO_SENDER = 'senderEmail is none of the senders of transcript-settings'

/** A mail to be sent. */
export interface QueuedMail {
  header: MailHeader
  /** The function or rule that asked for it. */
  source: string
  /** The mail is held unless its sender is one of the account's: no administrator has chosen it. */
  isSenderChecked: boolean
  /** The run that returned it. */
  recordId?: string | undefined
}

/** What mails are about: a chat, whose transcript they are, or what they say. */
export type MailSubject = { chatId: string } | { content: MailContent }

/** What a commit has to write so that the mails are sent. */
export interface EnqueuedMails extends Required<Pick<CommitOperation, 'documents' | 'outbox'>> {
  mailIds: string[]
}

/** Makes mails of their headers. They are queued, or held if the account holds its mails, when the caller has committed them. */
export async function enqueueMails(
  { policyOf, ids, clock, smtpUrl }: MailDeps,
  accountId: string,
  about: MailSubject,
  queued: readonly QueuedMail[],
): Promise<EnqueuedMails> {
  const { holdMails, bounceAddress, senders } = await policyOf(accountId)
  const at = clock.now()
  const mails = queued.map(({ header, source, isSenderChecked, recordId }): StoredMail => {
    const mailId = ids.uuid()
    const isForeign =
      isSenderChecked && smtpUrl !== undefined && !isSender(senders, header.senderEmail)
    return {
      ...header,
      mailId,
      ...about,
      messageId: messageIdOf(mailId, header.senderEmail),
      envelopeSender: bounceAddress ?? header.senderEmail,
      state: holdMails || isForeign ? 'held' : 'queued',
      ...(isForeign && { heldBecause: NO_SENDER }),
      source,
      ...(recordId !== undefined && { recordId }),
      createdAt: at,
      updatedAt: at,
      round: 1,
      triesOfRound: 0,
      tries: 0,
      attempts: [],
    }
  })
  return {
    mailIds: mails.map(({ mailId }) => mailId),
    documents: mails.map((state) => ({ kind: MAIL, id: state.mailId, readVersion: 0, state })),
    outbox: mails.filter(({ state }) => state === 'queued').map((mail) => sendingRow(mail)),
  }
}

function isSender(senders: readonly string[], address: string): boolean {
  const own = address.toLowerCase()
  const domain = own.slice(own.lastIndexOf('@'))
  return senders.some((sender) => [own, domain].includes(sender.toLowerCase()))
}

/** A row of an earlier round does not delay it, unless an attempt may be under way by that. */
export function sendingRow(mail: StoredMail, runAt?: number): OutboxInsert {
  const { mailId, round, rowsOf = round } = mail
  const row = {
    consumer: MAIL_SENDING,
    orderingKey: joined(mailId, String(rowsOf)),
    facts: { mailId, round },
  }
  return runAt === undefined ? row : { ...row, runAt }
}
