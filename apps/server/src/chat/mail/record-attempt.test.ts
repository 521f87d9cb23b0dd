import { expect, test } from 'vitest'
import type { StoredMail } from './mail-state.ts'
import { MAIL_RETRY_DELAYS_MS, recordAttempt } from './record-attempt.ts'

const MAIL: StoredMail = {
  mailId: 'm',
  chatId: 'c',
  messageId: '<m@example.com>',
  targetEmail: 'team@example.com',
  senderName: '',
  senderEmail: 'noreply@example.com',
  subject: '',
  envelopeSender: 'noreply@example.com',
  state: 'queued',
  source: 'rule',
  createdAt: 0,
  updatedAt: 0,
  round: 2,
  triesOfRound: 0,
  tries: 3,
  attempts: [],
}
const deferred = { at: 1000, outcome: 'deferred', answer: 'busy' } as const
const sent = { at: 1000, outcome: 'sent', answer: 'ok' } as const

test('a deferred mail waits longer after each try, and is given up after the last', () => {
  let mail = MAIL
  const waits: (number | undefined)[] = []
  while (mail.state !== 'failed') {
    mail = recordAttempt(mail, 2, deferred)
    waits.push(mail.nextAttemptAt && mail.nextAttemptAt - 1000)
  }
  expect(waits).toEqual([...MAIL_RETRY_DELAYS_MS, undefined])
  expect(mail).toMatchObject({ tries: 3 + waits.length, triesOfRound: waits.length })
})

test('a mail that was held while it was being sent stays held, unless it has left', () => {
  const held: StoredMail = { ...MAIL, state: 'held' }
  expect(recordAttempt(held, 2, deferred)).toMatchObject({ state: 'held', tries: 4 })
  expect(recordAttempt(held, 2, deferred).nextAttemptAt).toBeUndefined()
  expect(recordAttempt(held, 2, sent).state).toBe('sent')
})

test('what comes of an earlier round is noted and changes nothing, unless the mail has left by it', () => {
  const waiting: StoredMail = { ...MAIL, state: 'deferred', nextAttemptAt: 5000, triesOfRound: 1 }
  const noted = { tries: 4, updatedAt: 1000 }
  const at = '1970-01-01T00:00:01.000Z'
  expect(recordAttempt(waiting, 1, deferred)).toEqual({
    ...waiting,
    ...noted,
    attempts: [{ at, outcome: 'deferred', answer: 'busy' }],
  })
  const { nextAttemptAt: _, ...left } = waiting
  expect(recordAttempt(waiting, 1, sent)).toEqual({
    ...left,
    ...noted,
    state: 'sent',
    attempts: [{ at, outcome: 'sent', answer: 'ok' }],
  })
  expect(recordAttempt({ ...waiting, state: 'bounced' }, 1, sent).state).toBe('bounced')
})

test('of many attempts the last fifty are kept, and no more of an answer than fits', () => {
  let mail = MAIL
  for (let turn = 0; turn < 60; turn++) {
    mail = recordAttempt({ ...mail, triesOfRound: 0 }, 2, {
      ...deferred,
      answer: `\0${'x'.repeat(5000)}`,
    })
  }
  expect(mail.attempts).toHaveLength(50)
  expect(mail.attempts[0]?.answer).toHaveLength(1000)
  expect(mail.attempts[0]?.answer).not.toContain('\0')
})
