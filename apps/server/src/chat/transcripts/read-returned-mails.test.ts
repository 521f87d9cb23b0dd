import { expect, test } from 'vitest'
import { readReturnedMails } from './read-returned-mails.ts'

const HEADER = {
  targetEmail: 'team@example.com',
  senderName: 'Sender X',
  senderEmail: 'noreply@example.com',
  subject: 'Email Transcript Notification',
}

test('the results of several functions count together, a single object counts as a list', () => {
  const { headers, leftOut } = readReturnedMails([
    [HEADER],
    { ...HEADER, subject: 'Two' },
    [],
    null,
    undefined,
  ])
  expect(headers.map(({ subject }) => subject)).toEqual([HEADER.subject, 'Two'])
  expect(leftOut).toEqual([])
})

test.each([
  ['no targetEmail', { targetEmail: undefined }, 'targetEmail'],
  ['no senderName', { senderName: undefined }, 'senderName'],
  ['no senderEmail', { senderEmail: undefined }, 'senderEmail'],
  ['no subject', { subject: undefined }, 'subject'],
  ['an empty address', { targetEmail: '' }, 'targetEmail'],
  ['an invalid address', { targetEmail: 'not an address' }, 'targetEmail'],
  ['a list of addresses', { targetEmail: 'a@example.com,b@example.com' }, 'targetEmail'],
  ['an address with a name', { targetEmail: 'A <a@example.com>' }, 'targetEmail'],
  [
    'an address with a line break',
    { targetEmail: 'a@example.com\r\nBcc: b@example.com' },
    'targetEmail',
  ],
  ['a line break in the subject', { subject: 'Hi\r\nBcc: b@example.com' }, 'subject'],
  ['a bare line feed in the name', { senderName: 'X\nY' }, 'senderName'],
  ['U+0000 in the name', { senderName: 'X\0' }, 'senderName'],
  ['an endless subject', { subject: 'x'.repeat(501) }, 'subject'],
  ['a number as subject', { subject: 7 }, 'subject'],
])('an entry with %s is left out, the others count', (_what, change, field) => {
  const { headers, leftOut } = readReturnedMails([[{ ...HEADER, ...change }, HEADER]])
  expect(headers).toEqual([HEADER])
  expect(leftOut).toEqual([{ position: 0, reason: expect.stringContaining(field) }])
})

test.each(['a text', 5, true, [null], [[HEADER]], [['x']]])(
  'the result %j enqueues nothing',
  (result) => {
    const { headers, leftOut } = readReturnedMails([result])
    expect(headers).toEqual([])
    expect(leftOut).toHaveLength(1)
  },
)

test('of 10,000 entries the first hundred are mails; the rest is counted', () => {
  const { headers, leftOut, moreLeftOut } = readReturnedMails([
    Array.from({ length: 10_000 }, () => HEADER),
  ])
  expect([headers.length, leftOut.length, moreLeftOut]).toEqual([100, 100, 9800])
  expect(leftOut[0]).toEqual({ position: 100, reason: expect.stringContaining('100 mails') })
})
