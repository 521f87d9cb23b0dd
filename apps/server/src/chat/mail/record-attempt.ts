import type { MailAttempt } from '@parley/contract'
import { beginningOf, cleanText } from '#base/input'
import { type StoredMail, withoutNextAttempt } from './mail-state.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** Pauses between the attempts of a round: a little over two days in all. */
export const MAIL_RETRY_DELAYS_MS: readonly number[] = [
  2 * SECOND,
  10 * SECOND,
  30 * SECOND,
  2 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  4 * HOUR,
  8 * HOUR,
  12 * HOUR,
  24 * HOUR,
]

/** Attempts that are stored of a mail, the last ones. */
const MAX_ATTEMPTS = 50

export interface Attempt {
  at: number
  outcome: 'sent' | 'kept' | 'deferred' | 'refused'
  answer: string
}

/** The state of a mail after an attempt in `round`. A user may have held it, or started another round, since the attempt began. */
export function recordAttempt(mail: StoredMail, round: number, attempt: Attempt): StoredMail {
  const { at, outcome, answer } = attempt
  const counted = { ...mail, tries: mail.tries + 1, updatedAt: at }
  if (mail.round !== round) {
    const noted = { ...counted, attempts: withAttempt(mail, attempt) }
    const hasLeft = outcome === 'sent' || outcome === 'kept'
    // What was asked for meanwhile is done: it must not leave twice.
    return hasLeft && mail.state !== 'bounced'
      ? { ...withoutNextAttempt(noted), state: outcome }
      : noted
  }
  const triesOfRound = mail.triesOfRound + 1
  const delay = MAIL_RETRY_DELAYS_MS[triesOfRound - 1]
  const result = outcome === 'deferred' && delay === undefined ? 'failed' : outcome
  const next: StoredMail = {
    ...withoutNextAttempt(counted),
    triesOfRound,
    attempts: withAttempt(mail, { at, outcome: result, answer }),
  }
  if (mail.state === 'held' && outcome === 'deferred') return next
  next.state = result
  if (result === 'deferred' && delay !== undefined) next.nextAttemptAt = at + delay
  return next
}

export function withAttempt(
  { attempts }: Pick<StoredMail, 'attempts'>,
  { at, outcome, answer }: Omit<MailAttempt, 'at'> & { at: number },
): MailAttempt[] {
  const added = {
    at: new Date(at).toISOString(),
    outcome,
    answer: beginningOf(cleanText(answer), 1000),
  }
  return [...attempts, added].slice(-MAX_ATTEMPTS)
}
