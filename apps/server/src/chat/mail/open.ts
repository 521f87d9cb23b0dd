import type { Http } from '#base/http'
import { batchReads } from './batch-reads.ts'
import { eraseMails } from './erase-mails.ts'
import { openGathering } from './gathering.ts'
import { openKeptTransport } from './kept-transport.ts'
import { findMails, nameOfMail } from './mail-repository.ts'
import { MAIL_SENDING, type MailWrites, mailWrites, type OrderedMail } from './order-mails.ts'
import type { MailDeps, MailRoom } from './room.ts'
import { mailRoutes } from './routes.ts'
import { MailSending, sendQueuedMail } from './send-mail.ts'
import { openSmtpTransport } from './smtp-transport.ts'

/** Enough to keep the pool of connections busy. A mail server that hangs keeps this many waiting, and nothing else. */
const MAILS_AT_ONCE = 256

/** The outbox of mails about chats. */
export interface Mails extends AsyncDisposable {
  /** What a commit has to write so that the mails are sent. */
  writesFor(accountId: string, chatId: string, ordered: readonly OrderedMail[]): Promise<MailWrites>
  /** Forgets the mails about these chats. One that is on its way at this moment still leaves. */
  erase(accountId: string, chatIds: readonly string[]): Promise<void>
  mount(http: Http): void
}

export function openMails(deps: MailDeps): Mails {
  const transport =
    deps.smtpUrl === undefined ? openKeptTransport(deps.store) : openSmtpTransport(deps.smtpUrl)
  const room: MailRoom = {
    ...deps,
    transport,
    gather: openGathering(deps),
    findMail: batchReads(deps, nameOfMail, (keys) => findMails(deps.store.db, keys)),
  }
  deps.delivery.consume({
    name: MAIL_SENDING,
    facts: MailSending,
    handle: (row) => sendQueuedMail(room, row),
    atOnce: MAILS_AT_ONCE,
  })
  return {
    writesFor: (...args) => mailWrites(room, ...args),
    erase: (...args) => eraseMails(room, ...args),
    mount: (http) => mailRoutes(http, room),
    [Symbol.asyncDispose]: () => transport[Symbol.asyncDispose](),
  }
}
