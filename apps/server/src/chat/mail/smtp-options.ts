import type { SMTPPoolOptions } from 'nodemailer'

const CONNECTIONS = 5
const CONNECT_MS = 10_000
const SILENCE_MS = 60_000

/**
 * `smtp://user:password@host:587`; TLS is used as soon as the server offers it. With credentials it must, unless the URL
 * says `?requireTLS=false`: they never travel in the clear by accident.
 */
export function smtpOptions(url: string): SMTPPoolOptions & { pool: true } {
  const { searchParams, username } = new URL(url)
  const requireTLS = username !== '' && searchParams.get('requireTLS') !== 'false'
  return {
    url,
    pool: true,
    maxConnections: CONNECTIONS,
    maxMessages: Number.POSITIVE_INFINITY,
    // Whether to send again is decided from the outbox, where it can be seen.
    maxRequeues: 0,
    requireTLS,
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: SILENCE_MS,
  }
}
