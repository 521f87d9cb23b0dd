import type { SMTPPoolOptions } from 'nodemailer'

export const SMTP_CONNECTIONS = 5
const CONNECT_MS = 10_000

/**
 * How long a mail server may take for one mail. RFC 5321 4.5.3.2.6 wants 10 minutes for the answer to the content alone:
 * who gives up earlier sends again what a slow server takes a moment later.
 */
export const MAX_SENDING_MS = 10 * 60_000

/**
 * `smtp://user:password@host:587`. TLS is used if the server offers it. With credentials the server must offer it, so that
 * they are not sent unencrypted by accident; `?requireTLS=false` allows that.
 */
export function smtpOptions(url: string): SMTPPoolOptions & { pool: true } {
  const { searchParams, username } = new URL(url)
  const requireTLS = username !== '' && searchParams.get('requireTLS') !== 'false'
  return {
    url,
    pool: true,
    maxConnections: SMTP_CONNECTIONS,
    maxMessages: Number.POSITIVE_INFINITY,
    // Mails are sent again from the outbox, where users see it.
    maxRequeues: 0,
    requireTLS,
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: MAX_SENDING_MS,
  }
}
