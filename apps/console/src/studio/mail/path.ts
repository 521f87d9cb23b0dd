import type { MailState } from '@parley/contract'

export const MAIL_PATH = '/$accountId/mail'
export const MAIL_VIEWS = ['outbox', 'transcripts', 'chat'] as const
export type MailView = (typeof MAIL_VIEWS)[number]

/** By what may be done about them: those that want somebody to look stand first. */
export const STATE_ORDER = [
  'held',
  'failed',
  'refused',
  'bounced',
  'deferred',
  'queued',
  'kept',
  'sent',
] as const satisfies readonly MailState[]

/** A mail that may still be kept from leaving. */
export function mayBeHeld(state: MailState): boolean {
  return state === 'queued' || state === 'deferred'
}
