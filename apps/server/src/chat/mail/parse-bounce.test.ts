import { expect, test } from 'vitest'
import { parseBounce } from './parse-bounce.ts'

/** As Postfix 3.7 writes it. */
const BOUNCE = [
  'Return-Path: <>',
  'Subject: Undelivered Mail Returned to Sender',
  'Content-Type: multipart/report; report-type=delivery-status;',
  '\tboundary="1E69C2100AA.1795168554/mail.parley.test"',
  'Message-Id: <20261120095554.220142100B3@mail.parley.test>',
  '',
  'This is a MIME-encapsulated message.',
  '',
  '--1E69C2100AA.1795168554/mail.parley.test',
  'Content-Description: Notification',
  'Content-Type: text/plain; charset=utf-8',
  '',
  "I'm sorry to have to inform you",
  '',
  '--1E69C2100AA.1795168554/mail.parley.test',
  'Content-Description: Delivery report',
  'Content-Type: message/delivery-status',
  '',
  'Reporting-MTA: dns; mail.parley.test',
  '',
  'Final-Recipient: rfc822; ghost@readers.test',
  'Original-Recipient: rfc822;gone@readers.test',
  'Action: failed',
  'Status: 5.1.1',
  'Diagnostic-Code: X-Postfix; unknown',
  '    user: "ghost@readers.test"',
  '',
  '--1E69C2100AA.1795168554/mail.parley.test',
  'Content-Type: message/rfc822',
  '',
  'Subject: Hi',
  'Message-ID: <a@b.c>',
  '',
  'Message-ID: <forged@b.c>',
  '',
  '--1E69C2100AA.1795168554/mail.parley.test--',
  '',
]

test('a returned mail is recognised by the Message-ID of its header', async () => {
  expect(await parseBounce(BOUNCE.join('\r\n'))).toEqual({
    messageId: '<a@b.c>',
    failed: [
      {
        recipient: 'ghost@readers.test',
        status: '5.1.1',
        diagnostic: 'X-Postfix; unknown user: "ghost@readers.test"',
      },
    ],
  })
})

test.each([
  ['message/delivery-status', 'text/rfc822-headers'],
  ['message/global-delivery-status', 'message/global'],
  ['message/global-delivery-status', 'message/global-headers'],
])('a report as %s with %s is read as well', async (status, returned) => {
  const report = BOUNCE.map((line) =>
    line
      .replace('message/delivery-status', status)
      .replace('Content-Type: message/rfc822', `Content-Type: ${returned}; charset=utf-8`),
  )
  expect(await parseBounce(report.join('\r\n'))).toMatchObject({
    messageId: '<a@b.c>',
    failed: [{ recipient: 'ghost@readers.test', status: '5.1.1' }],
  })
})

test('comments in the fields of a report, and brackets around its recipient, are none of them', async () => {
  const report = BOUNCE.map((line) =>
    line
      .replace(/^Final-Recipient: .*/, 'Final-Recipient: rfc822; <ghost@readers.test>')
      .replace(/^Action: .*/, 'Action: failed (bad destination mailbox)')
      .replace(/^Status: .*/, 'Status: 5.1.1 (bad destination mailbox)'),
  )
  expect(await parseBounce(report.join('\r\n'))).toMatchObject({
    failed: [{ recipient: 'ghost@readers.test', status: '5.1.1' }],
  })
})

test('a report whose parts are encoded in base64 is read as well', async () => {
  const at = BOUNCE.indexOf('Content-Type: message/delivery-status')
  const end = BOUNCE.findIndex((line, index) => index > at && line.startsWith('--'))
  const status = Buffer.from(BOUNCE.slice(at + 2, end).join('\r\n')).toString('base64')
  const encoded = ['Content-Transfer-Encoding: base64', '', status]
  const bounce = [...BOUNCE.slice(0, at + 1), ...encoded, ...BOUNCE.slice(end)]

  expect(await parseBounce(bounce.join('\r\n'))).toMatchObject({
    messageId: '<a@b.c>',
    failed: [{ recipient: 'ghost@readers.test', status: '5.1.1' }],
  })
})

test('parts that are nested without end are no notification', async () => {
  const nested = Array.from({ length: 2000 }, (_, depth) => [
    `Content-Type: multipart/report; boundary="b${depth}"`,
    '',
    `--b${depth}`,
  ]).flat()

  expect(await parseBounce(nested.join('\r\n'))).toBeUndefined()
})

test('only the first hundred blocks of a report are read', async () => {
  const [from, to] = [BOUNCE.indexOf('Action: failed') - 3, BOUNCE.indexOf('Action: failed') + 4]
  const recipients = Array.from({ length: 5_000 }, () => BOUNCE.slice(from, to)).flat()
  const bounce = [...BOUNCE.slice(0, from), ...recipients, ...BOUNCE.slice(to)]

  const report = await parseBounce(bounce.join('\r\n'))

  expect(report).toMatchObject({ messageId: '<a@b.c>' })
  // The first block is about the report itself.
  expect(report?.failed).toHaveLength(99)
})

test('a delay is no failure', async () => {
  const delayed = BOUNCE.map((line) => (line === 'Action: failed' ? 'Action: delayed' : line))
  expect((await parseBounce(delayed.join('\n')))?.failed).toEqual([])
})

test.each([
  ['nothing', ''],
  ['an ordinary mail', 'Subject: Hi\nMessage-ID: <a@b.c>\n\nAction: failed\n'],
  ['a report without its parts', BOUNCE.slice(0, 12).join('\n')],
  ['a report without the returned mail', BOUNCE.slice(0, 27).join('\n')],
])('%s is no notification', async (_what, text) => {
  expect(await parseBounce(text)).toBeUndefined()
})
