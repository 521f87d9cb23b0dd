import { createTransport, type SendMailOptions } from 'nodemailer'
import { NotNow } from '#base/delivery'
import { messageOf, NODE_ADVICE, ParleyError } from '#base/kernel'
import { openFewAtOnce } from '#base/kit'
import type { Base } from '#base/store'
import { composeMail } from './compose-mail.ts'
import { InLargePieces } from './in-large-pieces.ts'
import type { MailTransport } from './mail-transport.ts'
import { MAX_SENDING_MS, SMTP_CONNECTIONS, smtpOptions } from './smtp-options.ts'

/** A connection that is not used for longer may have been dropped on the way, which only the next mail would find, after minutes. */
const MAX_IDLE_MS = 30_000
const TOO_SLOW = `The mail server has not taken the mail within ${MAX_SENDING_MS / 60_000} minutes`

/** Sends over SMTP, by a pool of connections. */
export function openSmtpTransport(
  {
    clock,
    logger,
    monotonic,
  }: Pick<Base, 'clock' | 'monotonic'> & { logger: Pick<Base['logger'], 'info' | 'warn'> },
  url: string,
): MailTransport {
  const connections = openFewAtOnce(SMTP_CONNECTIONS)
  let pool: ReturnType<typeof openPool> | undefined
  let sending = 0
  let idle: Disposable | undefined
  let isClosed = false
  let isFailing = false

  async function sendNow(composed: SendMailOptions): Promise<{ answer: string }> {
    const late = new AbortController()
    using _ = monotonic.after(MAX_SENDING_MS, () => late.abort())
    idle?.[Symbol.dispose]()
    sending += 1
    try {
      pool ??= openPool(url)
      const { response } = await pool.sendMail({ ...composed, signal: late.signal })
      if (isFailing) logger.info('The mail server takes mails again')
      isFailing = false
      return { answer: response }
    } catch (cause) {
      if (isClosed) throw new NotNow(clock.now())
      const isLate = late.signal.aborted
      const failure = isLate
        ? new ParleyError('mail_deferred', TOO_SLOW, { cause })
        : asParleyError(cause)
      if (!isFailing && (isLate || isOfTheServer(cause))) {
        logger.warn(`Mails wait, and are tried again: ${failure.message} (PARLEY_SMTP_URL)`)
        isFailing = true
      }
      throw failure
    } finally {
      sending -= 1
      if (sending === 0 && !isClosed) idle = monotonic.after(MAX_IDLE_MS, closePool)
    }
  }

  function closePool(): void {
    // Also what a server that hangs would keep open.
    pool?.close({ force: true })
    pool = undefined
  }

  return {
    outcome: 'sent',
    // One is sent over each connection, and the next one for it is ready.
    atOnce: 2 * SMTP_CONNECTIONS,
    async send(mail) {
      const composed = composeMail(mail)
      return await connections.run(url, () => sendNow(composed))
    },
    async [Symbol.asyncDispose]() {
      isClosed = true
      connections.refuse(new NotNow(clock.now()))
      idle?.[Symbol.dispose]()
      closePool()
    },
  }
}

function openPool(url: string) {
  const pool = createTransport(smtpOptions(url))
  pool.use('stream', ({ message }, done) => {
    message.transform(() => new InLargePieces())
    done()
  })
  return pool
}

/** What nodemailer says of its own attempts, of which there is one; those of the mail go on. */
const GIVEN_UP = 'Reached maximum number of retries after connection was closed'

const OWN_ADVICE =
  '; start Parley with NODE_EXTRA_CA_CERTS, a file with the certificate of its authority'

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
  const said = messageOf(cause)
  const message =
    said === GIVEN_UP
      ? 'The mail server has closed the connection'
      : said.replace(NODE_ADVICE, OWN_ADVICE)
  return new ParleyError(refused ? 'mail_refused' : 'mail_deferred', message, { cause })
}

/** Whether every mail fails so: no connection, a certificate, the log-in. What the server answers to one mail is in its outbox alone. */
function isOfTheServer(cause: unknown): boolean {
  const { code, responseCode } = (cause ?? {}) as { code?: unknown; responseCode?: unknown }
  const isAboutTheMail = code === 'EENVELOPE' || code === 'EMESSAGE'
  return !isAboutTheMail || (typeof responseCode === 'number' && ABOUT_THE_LOGIN.has(responseCode))
}
