import { expect, test } from 'vitest'
import { readOrders } from './read-orders.ts'

const ORDER = {
  targetEmail: 'team@example.com',
  senderName: 'Sender X',
  senderEmail: 'noreply@example.com',
  subject: 'Email Transcript Notification',
}

test('the results of several functions count together, a single object counts as a list', () => {
  const { orders, leftOut } = readOrders([
    [ORDER],
    { ...ORDER, subject: 'Two' },
    [],
    null,
    undefined,
  ])
  expect(orders.map(({ subject }) => subject)).toEqual([ORDER.subject, 'Two'])
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
  const { orders, leftOut } = readOrders([[{ ...ORDER, ...change }, ORDER]])
  expect(orders).toEqual([ORDER])
  expect(leftOut).toEqual([{ position: 0, reason: expect.stringContaining(field) }])
})

test.each(['a text', 5, true, [null], [[ORDER]], [['x']]])(
  'the result %j orders nothing',
  (result) => {
    const { orders, leftOut } = readOrders([result])
    expect(orders).toEqual([])
    expect(leftOut).toHaveLength(1)
  },
)

test('of 10,000 entries the first hundred are mails; the rest is counted', () => {
  const { orders, leftOut, moreLeftOut } = readOrders([Array.from({ length: 10_000 }, () => ORDER)])
  expect([orders.length, leftOut.length, moreLeftOut]).toEqual([100, 100, 9800])
  expect(leftOut[0]).toEqual({ position: 100, reason: expect.stringContaining('100 mails') })
})
