import { createTransport } from 'nodemailer'
import { messageOf, ParleyError } from '#base/kernel'
import { composeMail } from './compose-mail.ts'
import type { MailTransport } from './mail-transport.ts'
import { smtpOptions } from './smtp-options.ts'

/** Sends over SMTP, by a pool of connections. */
export function openSmtpTransport(url: string): MailTransport {
  const transporter = createTransport(smtpOptions(url))
  return {
    outcome: 'sent',
    async send(mail) {
      const composed = composeMail(mail)
      try {
        const { response } = await transporter.sendMail(composed)
        return { answer: response }
      } catch (cause) {
        throw asParleyError(cause)
      }
    },
    async [Symbol.asyncDispose]() {
      transporter.close()
    },
  }
}

/** Answers about the log-in (RFC 4954), whichever command they follow. */
const ABOUT_THE_LOGIN = new Set([530, 534, 535, 538])

/**
 * An answer 5xx about the mail itself is final. Other errors are worth another try: a server that is unreachable, full or
 * slow, or that wants other credentials or any, which an operator can correct.
 */
function asParleyError(cause: unknown): ParleyError {
  const { code, responseCode } = (cause ?? {}) as { code?: unknown; responseCode?: unknown }
  const isAboutTheMail = code === 'EENVELOPE' || code === 'EMESSAGE'
  const isFinal =
    typeof responseCode === 'number' && responseCode >= 500 && !ABOUT_THE_LOGIN.has(responseCode)
  // Without an answer of the server, nodemailer itself has refused the envelope.
  const isImpossible = responseCode === undefined && code === 'EENVELOPE'
  const refused = isAboutTheMail && (isFinal || isImpossible)
  return new ParleyError(refused ? 'mail_refused' : 'mail_deferred', messageOf(cause), { cause })
}
