import { describe, expect, test } from 'vitest'
import { ParleyError } from '#base/kernel'
import type { Mail, MailTransport } from './mail-transport.ts'

export interface Delivered {
  messageId: string
  from: { name: string; address: string }
  to: string[]
  subject: string
  html: string
  text: string
  headerNames: string[]
  receivers: string[]
  envelopeSender: string
}

export interface OpenedTransport extends AsyncDisposable {
  transport: MailTransport
  /** What has arrived, read as a mail program reads it. */
  delivered(): Promise<Delivered[]>
}

export function aMail(change: Partial<Mail> = {}): Mail {
  return {
    accountId: '12345678',
    messageId: '<m1@example.com>',
    envelopeSender: 'bounces@example.com',
    sender: { name: 'Sender X', address: 'noreply@example.com' },
    to: 'john@example.org',
    subject: 'Email Transcript Notification',
    html: '<p>Hi</p>\n',
    text: 'Hi\n',
    at: Date.UTC(2026, 0, 5, 10),
    ...change,
  }
}

/** The headers of our mails; any other header was injected. */
const HEADERS = [
  'auto-submitted',
  'content-type',
  'date',
  'from',
  'message-id',
  'mime-version',
  'subject',
  'to',
]

/** What every MailTransport must do. Each one's test file calls this once. */
export function describeMailTransport(name: string, open: () => Promise<OpenedTransport>): void {
  describe(`MailTransport ${name}`, () => {
    test('send() hands over content, sender, receiver and envelope as they are', async () => {
      await using opened = await open()
      const mail = aMail()
      await opened.transport.send(mail)
      const [delivered] = await opened.delivered()
      expect(delivered).toEqual({
        messageId: mail.messageId,
        from: { name: 'Sender X', address: 'noreply@example.com' },
        to: ['john@example.org'],
        subject: mail.subject,
        html: mail.html,
        text: mail.text,
        headerNames: HEADERS,
        receivers: ['john@example.org'],
        envelopeSender: 'bounces@example.com',
      })
    })

    test('send() keeps the Message-ID, so that a second try can be recognised', async () => {
      await using opened = await open()
      await opened.transport.send(aMail())
      await opened.transport.send(aMail())
      const ids = (await opened.delivered()).map(({ messageId }) => messageId)
      expect(ids).toEqual(['<m1@example.com>', '<m1@example.com>'])
    })

    test('send() keeps every script, long lines and lines of a single dot', async () => {
      await using opened = await open()
      const subject = 'Ünïcödé 転写 😀 '.repeat(10).trim()
      const text = `.\n..\nFrom here\n${'long '.repeat(3000)}\nשלום 😀\n`
      const sender = { name: 'Жанна "Д\'Арк", AG <x@y>', address: 'noreply@example.com' }
      await opened.transport.send(aMail({ subject, text, sender }))
      const [delivered] = await opened.delivered()
      expect(delivered).toMatchObject({ subject, text, from: sender })
    })

    test('send() of 5,000 lines loses none', async () => {
      await using opened = await open()
      const lines = Array.from({ length: 5000 }, (_, index) => `${index}: <b onload=x>&amp;</b>`)
      await opened.transport.send(aMail({ text: `${lines.join('\n')}\n` }))
      const [delivered] = await opened.delivered()
      expect(delivered?.text.split('\n').slice(0, -1)).toEqual(lines)
    })

    test.each([
      ['subject', { subject: 'Hello\r\nBcc: all@example.net\r\n\r\nSpam' }],
      ['subject with a bare line feed', { subject: 'Hello\nBcc: all@example.net' }],
      ['subject with a bare carriage return', { subject: 'Hello\rBcc: all@example.net' }],
      [
        "sender's name",
        { sender: { name: 'X\r\nBcc: all@example.net', address: 'a@example.com' } },
      ],
      [
        "sender's address",
        { sender: { name: 'X', address: 'a@example.com\r\nBcc: b@example.net' } },
      ],
      ['receiver', { to: 'john@example.org\r\nBcc: all@example.net' }],
      ['receiver that is a list', { to: 'john@example.org, all@example.net' }],
      ['envelope sender', { envelopeSender: 'a@example.com>\r\nRCPT TO:<all@example.net' }],
      ['Message-ID', { messageId: '<m1@example.com>\r\nBcc: all@example.net' }],
    ])('nothing in the %s becomes a header or a receiver', async (_what, change) => {
      await using opened = await open()
      await refusedOrSent(opened.transport.send(aMail(change)))
      for (const { headerNames, receivers } of await opened.delivered()) {
        expect(headerNames).toEqual(HEADERS)
        expect(receivers).toHaveLength(1)
        expect(receivers).not.toContain('all@example.net')
      }
    })
  })
}

/** Either is safe; any other failure is a bug. */
async function refusedOrSent(sending: Promise<unknown>): Promise<void> {
  const failure = await sending.then(
    () => undefined,
    (cause: unknown) => cause,
  )
  if (failure === undefined) return
  expect(failure).toBeInstanceOf(ParleyError)
}
