import type { MailOrder } from '@parley/contract'
import type { CommitOperation, OutboxInsert } from '#store'
import type { TranscriptRoom } from './deps.ts'
import { MAIL, type StoredMail } from './mail-state.ts'

/** The outbox consumer that sends mails. */
export const MAIL_SENDING = 'mail'
/** The one that hands mails to it when they are due again. */
export const MAIL_RETRY = 'mail-retry'

/** A mail server that hangs must not keep a node from other work: of an account no more mails than this are on their way. */
const LANES = 16

export interface OrderedMail {
  order: MailOrder
  /** The function or rule that asked for it. */
  source: string
}

interface MailWrites extends Required<Pick<CommitOperation, 'documents' | 'outbox'>> {
  mailIds: string[]
}

/** What a commit has to write so that the mails are sent. */
export async function mailWrites(
  { settings, ids, clock }: Pick<TranscriptRoom, 'settings' | 'ids' | 'clock'>,
  accountId: string,
  chatId: string,
  ordered: readonly OrderedMail[],
): Promise<MailWrites> {
  const { holdMails, bounceAddress } = await settings.get(accountId)
  const at = clock.now()
  const mails = ordered.map(({ order, source }): StoredMail => {
    const mailId = ids.uuid()
    return {
      ...order,
      mailId,
      chatId,
      messageId: `<${mailId}@${domainOf(order.senderEmail)}>`,
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
    outbox: holdMails ? [] : mails.map(sendingRow),
  }
}

/** Sends a mail as soon as its lane is free. */
export function sendingRow({ mailId, round }: StoredMail): OutboxInsert {
  const lane = Number.parseInt(mailId.slice(0, 4), 16) % LANES
  return { consumer: MAIL_SENDING, lane: String(lane), facts: { mailId, round } }
}

/** Waits until a mail may be tried again, in a lane of its own: what waits there for another round must not hold it up. */
export function retryRow({ mailId, round }: StoredMail, runAt: number): OutboxInsert {
  return { consumer: MAIL_RETRY, lane: `${mailId}/${round}`, facts: { mailId, round }, runAt }
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase()
}
