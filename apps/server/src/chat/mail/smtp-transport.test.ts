import { expect, test } from 'vitest'
import { openLogger, systemClock } from '#base/kernel'
import { leapingMonotonic, openTestMailServer, readMail } from '#testing'
import { aMail, describeMailTransport } from './mail-transport.contract.ts'
import { asDelivered } from './delivered.fixture.ts'
import { openSmtpTransport } from './smtp-transport.ts'

const clock = systemClock()
const logger = openLogger('fatal')
const monotonic = leapingMonotonic()

describeMailTransport('over SMTP', async () => {
  const server = await openTestMailServer()
  const transport = openSmtpTransport({ clock, logger, monotonic }, server.url)
  return {
    transport,
    delivered: () =>
      Promise.all(
        server.mails.map(async ({ raw, envelope }) => asDelivered(await readMail(raw), envelope)),
      ),
    async [Symbol.asyncDispose]() {
      await transport[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
    },
  }
})

test.each([
  [
    'a refused receiver',
    { receiver: 550, answer: '5.1.1 no such user' },
    'mail_refused',
    /no such user/,
  ],
  [
    'a full mailbox',
    { receiver: 452, answer: '4.2.2 mailbox full' },
    'mail_deferred',
    /mailbox full/,
  ],
  [
    'a server that wants a log-in first',
    { receiver: 530, answer: '5.7.0 Authentication required' },
    'mail_deferred',
    /Authentication required/,
  ],
  ['refused content', { content: 554, answer: '5.7.1 spam' }, 'mail_refused', /spam/],
  ['a server that is too busy', { content: 451, answer: '4.3.0 later' }, 'mail_deferred', /later/],
  [
    'a connection that drops',
    'drop',
    'mail_deferred',
    /^(The mail server has closed the connection|Connection closed unexpectedly)$/,
  ],
  [
    'a connection that drops after the content',
    'accept-and-drop',
    'mail_deferred',
    /^(The mail server has closed the connection|Connection closed unexpectedly)$/,
  ],
] as const)('%s is told apart', async (_what, treatment, code, message) => {
  await using server = await openTestMailServer()
  await using transport = openSmtpTransport({ clock, logger, monotonic }, server.url)
  server.treat = () => treatment
  await expect(transport.send(aMail())).rejects.toMatchObject({ code })
  await expect(transport.send(aMail())).rejects.toThrow(message)
  expect(server.attempts).toBe(2)
})

function telling() {
  const said: string[] = []
  const say = (text: string) => void said.push(text)
  return { said, info: say, warn: say }
}

test('the log says once that a mail server cannot be reached, and when it takes mails again', async () => {
  const log = telling()
  const gone = await openTestMailServer()
  const { port, url } = gone
  await gone[Symbol.asyncDispose]()
  await using transport = openSmtpTransport({ clock, logger: log, monotonic }, url)
  for (let time = 0; time < 2; time += 1) {
    await expect(transport.send(aMail())).rejects.toThrow(/ECONNREFUSED/)
  }
  await using _server = await openTestMailServer({ port })
  await transport.send(aMail())

  expect(log.said).toEqual([
    `Mails wait, and are tried again: connect ECONNREFUSED 127.0.0.1:${port} (PARLEY_SMTP_URL)`,
    'The mail server takes mails again',
  ])
})

test('a long mail is base64, which is made quickly, and a short one can be read as it travels', async () => {
  await using server = await openTestMailServer()
  await using transport = openSmtpTransport({ clock, logger, monotonic }, server.url)
  await transport.send(
    aMail({ html: '<p>shört, and easy to read</p>\n', text: 'shört, and easy to read\n' }),
  )
  await transport.send(
    aMail({ html: '<p>löng</p>\n'.repeat(10_000), text: 'löng\n'.repeat(10_000) }),
  )
  const encodings = server.mails.map(({ raw }) => [
    ...new Set(raw.match(/(?<=^Content-Transfer-Encoding: )\S+/gm)),
  ])
  expect(encodings).toEqual([['quoted-printable'], ['base64']])
})

test('a mail leaves in few pieces, however long it is', async () => {
  await using server = await openTestMailServer()
  await using transport = openSmtpTransport({ clock, logger, monotonic }, server.url)
  await transport.send(aMail())
  const line = `${'a'.repeat(60)}\n`
  await transport.send(aMail({ html: line.repeat(3_000), text: line.repeat(3_000) }))
  const [short, long] = server.mails
  // Its end is written by itself.
  expect(short?.pieces).toBeLessThanOrEqual(2)
  expect(long?.pieces).toBeLessThanOrEqual(2 * Math.ceil((long?.raw.length ?? 0) / 65_536))
  expect((await readMail(long?.raw ?? '')).text?.trim()).toBe(line.repeat(3_000).trim())
})

test('a server that is away is worth another try', async () => {
  const server = await openTestMailServer()
  await server[Symbol.asyncDispose]()
  await using transport = openSmtpTransport({ clock, logger, monotonic }, server.url)
  await expect(transport.send(aMail())).rejects.toMatchObject({ code: 'mail_deferred' })
})

test('a server that has not answered for 10 minutes is worth another try, and its connection is not waited for', async () => {
  await using server = await openTestMailServer()
  const log = telling()
  await using transport = openSmtpTransport({ clock, logger: log, monotonic }, server.url)
  server.treat = () => 'hang'
  const sending = transport.send(aMail()).catch((cause: unknown) => cause)
  await expect.poll(() => server.attempts).toBe(1)
  expect(monotonic.ring(9 * 60_000)).toBe(0)
  expect(monotonic.ring(10 * 60_000)).toBe(1)
  expect(await sending).toMatchObject({
    code: 'mail_deferred',
    message: 'The mail server has not taken the mail within 10 minutes',
  })
  expect(log.said).toEqual([expect.stringContaining('has not taken the mail within 10 minutes')])
  server.treat = () => 'accept'
  await transport.send(aMail())
  expect(server.mails).toHaveLength(1)
})

test('a connection is used again, and closed when no mail has needed it for half a minute', async () => {
  await using server = await openTestMailServer()
  const own = leapingMonotonic()
  await using transport = openSmtpTransport({ clock, logger, monotonic: own }, server.url)
  await transport.send(aMail())
  await transport.send(aMail())
  expect(server.connections).toBe(1)
  expect(own.ring(30_000)).toBe(1)
  await expect.poll(() => server.connections).toBe(0)
  await transport.send(aMail())
  expect(server.mails).toHaveLength(3)
})

test('credentials never travel in the clear, unless the URL says so', async () => {
  const logins: string[] = []
  await using server = await openTestMailServer({
    allowInsecureAuth: true,
    onAuth({ username = '', password }, _session, done) {
      logins.push(`${username}:${password}`)
      done(null, { user: username })
    },
  })
  const url = server.url.replace('smtp://', 'smtp://parley:s%40cret@')
  await using guarded = openSmtpTransport({ clock, logger, monotonic }, url)
  await expect(guarded.send(aMail())).rejects.toMatchObject({ code: 'mail_deferred' })
  expect(logins).toEqual([])

  await using open = openSmtpTransport({ clock, logger, monotonic }, `${url}?requireTLS=false`)
  await open.send(aMail())
  expect(logins).toEqual(['parley:s@cret'])
  expect(server.mails).toMatchObject([{ user: 'parley' }])
})
