import { createTransport } from 'nodemailer'
import type { Db } from '#base/store'
import { composeMail } from './compose-mail.ts'
import { insertMailboxMail } from './repository.ts'
import type { MailTransport } from './mail-transport.ts'

/** Enough to keep the database busy. */
const MAILS_AT_ONCE = 5

/** Used without a mail server: keeps every mail as it would have been sent, so that users can read it in the outbox. */
export function openMailboxTransport({ db }: { db: Db }): MailTransport {
  const transporter = createTransport({ streamTransport: true, buffer: true, newline: 'windows' })
  return {
    outcome: 'kept',
    atOnce: MAILS_AT_ONCE,
    async send(mail) {
      const { message } = await transporter.sendMail(composeMail(mail))
      if (!Buffer.isBuffer(message))
        throw new Error('Nodemailer has not answered the mail as one buffer')
      await insertMailboxMail(db, mail, message.toString())
      return { answer: 'Kept: there is no mail server (PARLEY_SMTP_URL)' }
    },
    async [Symbol.asyncDispose]() {
      transporter.close()
    },
  }
}
