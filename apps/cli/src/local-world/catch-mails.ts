import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import PostalMime from 'postal-mime'
import { SMTPServer } from 'smtp-server'
import type { CaughtMail } from './world-messages.ts'

export interface MailCatcher extends AsyncDisposable {
  /** `smtp://` with a port of the loopback. */
  readonly url: string
}

/**
 * A mail server on the loopback that delivers nothing: it keeps each mail as a file `0001.eml`, `0002.eml`, … in `folder`.
 * @param heard is called when a mail is kept
 */
export async function catchMails(
  folder: string,
  heard: (mail: CaughtMail) => void,
): Promise<MailCatcher> {
  mkdirSync(folder, { recursive: true })
  let last = Math.max(0, ...readdirSync(folder).map(numberOf))
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 100,
    onData(stream, { envelope }, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        last += 1
        const file = join(folder, `${String(last).padStart(4, '0')}.eml`)
        const raw = Buffer.concat(chunks)
        writeFileSync(file, raw)
        const from = envelope.mailFrom ? envelope.mailFrom.address : ''
        const to = envelope.rcptTo.map(({ address }) => address)
        // Whoever knows that it was taken finds it.
        void PostalMime.parse(raw)
          .then(
            ({ subject = '' }) => heard({ from, to, subject, file }),
            () => heard({ from, to, subject: '(unreadable)', file }),
          )
          .finally(() => done(null, 'kept'))
      })
    },
  })
  // A connection that breaks is repeated by the sender.
  smtp.on('error', () => undefined)
  await new Promise<void>((resolve, reject) => {
    smtp.server.once('error', reject)
    smtp.listen(0, '127.0.0.1', resolve)
  })
  const { port } = smtp.server.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => smtp.close(() => resolve())),
  }
}

/** Not how many there are: somebody may have deleted some. */
function numberOf(name: string): number {
  return Number(/^(\d+)\.eml$/.exec(name)?.[1] ?? 0)
}
