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

test('a returned mail is recognised by the Message-ID of its header', () => {
  expect(parseBounce(BOUNCE.join('\r\n'))).toEqual({
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

test('a delay is no failure', () => {
  const delayed = BOUNCE.map((line) => (line === 'Action: failed' ? 'Action: delayed' : line))
  expect(parseBounce(delayed.join('\n'))?.failed).toEqual([])
})

test.each([
  ['nothing', ''],
  ['an ordinary mail', 'Subject: Hi\nMessage-ID: <a@b.c>\n\nAction: failed\n'],
  ['a report without its parts', BOUNCE.slice(0, 12).join('\n')],
  ['a report without the returned mail', BOUNCE.slice(0, 27).join('\n')],
])('%s is no notification', (_what, text) => {
  expect(parseBounce(text)).toBeUndefined()
})
