import type { MailOrder } from '@parley/contract'
import type { CommitOperation, OutboxInsert } from '#base/store'
import type { MailRoom } from './room.ts'
import { MAIL, type StoredMail } from './mail-state.ts'
import { messageIdOf } from './message-id.ts'

/** The outbox consumer that sends mails. */
export const MAIL_SENDING = 'mail'

export interface OrderedMail {
  order: MailOrder
  /** The function or rule that asked for it. */
  source: string
}

export interface MailWrites extends Required<Pick<CommitOperation, 'documents' | 'outbox'>> {
  mailIds: string[]
}

export async function mailWrites(
  { policyOf, ids, clock }: MailRoom,
  accountId: string,
  chatId: string,
  ordered: readonly OrderedMail[],
): Promise<MailWrites> {
  const { holdMails, bounceAddress } = await policyOf(accountId)
  const at = clock.now()
  const mails = ordered.map(({ order, source }): StoredMail => {
    const mailId = ids.uuid()
    return {
      ...order,
      mailId,
      chatId,
      messageId: messageIdOf(mailId, order.senderEmail),
      envelopeSender: bounceAddress ?? order.senderEmail,
      state: holdMails ? 'held' : 'queued',
      source,
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
    outbox: holdMails ? [] : mails.map((mail) => sendingRow(mail)),
  }
}

/** Each round has its own ordering key: a row that still waits from an earlier round must not hold it up. */
export function sendingRow({ mailId, round }: StoredMail, runAt?: number): OutboxInsert {
  const row = {
    consumer: MAIL_SENDING,
    orderingKey: `${mailId}/${round}`,
    facts: { mailId, round },
  }
  return runAt === undefined ? row : { ...row, runAt }
}
