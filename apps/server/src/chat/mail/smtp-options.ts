import type { SMTPPoolOptions } from 'nodemailer'

const CONNECTIONS = 5
const CONNECT_MS = 10_000
const SILENCE_MS = 60_000

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
    maxConnections: CONNECTIONS,
    maxMessages: Number.POSITIVE_INFINITY,
    // Mails are sent again from the outbox, where users see it.
    maxRequeues: 0,
    requireTLS,
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: SILENCE_MS,
  }
}
