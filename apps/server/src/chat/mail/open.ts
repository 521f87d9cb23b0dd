import { NotNow } from '#base/delivery'
import type { Http } from '#base/http'
import { openFewAtOnce, openGathering, openReadAhead } from '#base/kit'
import { findMailsToSend } from './content-of-mail.ts'
import type { MailDeps, OpenMailDeps } from './deps.ts'
import { enqueueMails, MAIL_SENDING, type MailSubject, type QueuedMail } from './enqueue-mails.ts'
import { eraseMails } from './erase-mails.ts'
import { openMailboxTransport } from './mailbox-transport.ts'
import { deleteOtherMails } from './repository.ts'
import { mailRoutes } from './routes.ts'
import { MailSending, sendQueuedMail } from './send-mail.ts'
import { openSmtpTransport } from './smtp-transport.ts'

/** Enough to gather their commits. If the mail server hangs, this many mails wait for it, and nothing else. */
const MAILS_AT_ONCE = 256
/** One reading for each mail would cost the database more than sending costs the server. Of short mails, this many are 10 MB at most. */
const MAILS_PER_READING = 32

export type Mails = ReturnType<typeof openMail>

/** The outbox of mails: transcripts of chats, and reports of functions. */
export function openMail(given: OpenMailDeps) {
  const { store, smtpUrl } = given
  const transport =
    smtpUrl === undefined ? openMailboxTransport(store) : openSmtpTransport(given, smtpUrl)
  const deps: MailDeps = {
    ...given,
    transport,
    sending: openFewAtOnce(transport.atOnce),
    gather: openGathering(given),
    toSend: openReadAhead(given, MAILS_PER_READING, (accountId, mailIds) =>
      findMailsToSend(given, accountId, mailIds),
    ),
  }
  deps.delivery.consume({
    name: MAIL_SENDING,
    facts: MailSending,
    handle: (row) => sendQueuedMail(deps, row),
    workers: MAILS_AT_ONCE,
  })
  return {
    enqueue: (accountId: string, about: MailSubject, mails: readonly QueuedMail[]) =>
      enqueueMails(deps, accountId, about, mails),
    erase: (accountId: string, chatIds: readonly string[]) => eraseMails(deps, accountId, chatIds),
    /** Whether mails leave, or are kept for want of a mail server. */
    hasServer: transport.outcome === 'sent',
    /** Deletes mails that are about no chat and were made before an instant. */
    endOthersBefore: (accountId: string, before: number) =>
      store.transaction((tx) => deleteOtherMails(tx, accountId, before)),
    routes: (http: Http) => mailRoutes(http, deps),
    /** Gives back what waits for the mail server; what it has got goes on. */
    beginStop: () => deps.sending.refuse(new NotNow(given.clock.now())),
    [Symbol.asyncDispose]: () => transport[Symbol.asyncDispose](),
  }
}
