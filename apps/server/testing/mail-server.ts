import type { AddressInfo } from 'node:net'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server'

export interface ReceivedMail {
  envelope: { from: string; to: string[] }
  /** As it came over the wire. */
  raw: string
  /** In how many its content came. */
  pieces: number
  messageId: string
  /** The user who was logged in. */
  user: string | undefined
}

/**
 * What the server does with a mail: takes it, refuses it at the receiver or after its content with that answer, drops the
 * connection, takes it and drops the connection before saying so, never answers, or takes it and says so later.
 */
export type Treatment =
  | 'accept'
  | 'drop'
  | 'hang'
  | 'accept-and-drop'
  | { receiver: number; answer: string }
  | { content: number; answer: string }
  | { saysSo: Promise<void> }

export interface TestMailServer extends AsyncDisposable {
  readonly url: string
  readonly port: number
  /** What was taken, in order. */
  readonly mails: ReceivedMail[]
  /** How often a mail began to arrive. */
  readonly attempts: number
  /** How many are open. */
  readonly connections: number
  treat: (mail: { to: string; from: string }) => Treatment
}

/** An SMTP server that can fail in every way; plain, on loopback. */
export async function openTestMailServer(
  options: { port?: number } & SMTPServerOptions = {},
): Promise<TestMailServer> {
  const { port: wantedPort = 0, ...more } = options
  const mails: ReceivedMail[] = []
  const treatments = new Map<string, Treatment>()
  let attempts = 0

  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 10,
    ...more,
    onRcptTo({ address }, session, done) {
      attempts++
      const treatment = server.treat({ to: address, from: senderOf(session) })
      treatments.set(session.id, treatment)
      if (treatment === 'hang') return
      if (treatment === 'drop') drop(session)
      else if (isAnswer(treatment, 'receiver')) done(refusal(treatment.receiver, treatment.answer))
      else done()
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const treatment = treatments.get(session.id)
        if (isAnswer(treatment, 'content')) {
          done(refusal(treatment.content, treatment.answer))
          return
        }
        mails.push(received(chunks, session))
        if (treatment === 'accept-and-drop') drop(session)
        else if (typeof treatment === 'object' && 'saysSo' in treatment)
          void sayLater(treatment.saysSo, done)
        else done(null, 'taken')
      })
    },
  })
  function drop({ id }: SMTPServerSession): void {
    for (const connection of smtp.connections)
      if (connection.id === id) connection._socket.destroy()
  }
  // Broken connections are what this server is for.
  smtp.on('error', () => undefined)
  await new Promise<void>((resolve, reject) => {
    smtp.server.once('error', reject)
    smtp.listen(wantedPort, '127.0.0.1', resolve)
  })
  const { port } = smtp.server.address() as AddressInfo

  const server: TestMailServer = {
    url: `smtp://127.0.0.1:${port}`,
    port,
    mails,
    get attempts() {
      return attempts
    },
    get connections() {
      return smtp.connections.size
    },
    treat: () => 'accept',
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => smtp.close(() => resolve())),
  }
  return server
}

async function sayLater(
  saysSo: Promise<void>,
  done: (error: null, message: string) => void,
): Promise<void> {
  await saysSo
  done(null, 'taken')
}

function isAnswer<Place extends 'receiver' | 'content'>(
  treatment: Treatment | undefined,
  place: Place,
): treatment is Extract<Treatment, Record<Place, number>> {
  return typeof treatment === 'object' && place in treatment
}

function refusal(responseCode: number, answer: string): Error {
  return Object.assign(new Error(answer), { responseCode })
}

function senderOf({ envelope }: SMTPServerSession): string {
  return envelope.mailFrom ? envelope.mailFrom.address : ''
}

function received(chunks: Buffer[], session: SMTPServerSession): ReceivedMail {
  const raw = Buffer.concat(chunks).toString('latin1')
  return {
    envelope: {
      from: senderOf(session),
      to: session.envelope.rcptTo.map(({ address }) => address),
    },
    raw,
    pieces: chunks.length,
    messageId: /^message-id: *(<.*>)\r?$/im.exec(raw)?.[1] ?? '',
    user: typeof session.user === 'string' ? session.user : undefined,
  }
}

/** A mail as its reader's program shows it. */
export async function readMail(raw: string): Promise<Email> {
  return await PostalMime.parse(Buffer.from(raw, 'latin1'))
}
