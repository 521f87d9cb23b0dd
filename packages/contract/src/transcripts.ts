import * as z from 'zod'
import { CsatRank } from './chat-survey.ts'
import type { RouteSpec } from './route.ts'
import { AskedId, EmailAddress, Instant, StorableText, Uuid } from './text.ts'

/** One receiver: no list, no display name, nothing that could start a header. */
export const MailAddress = EmailAddress.max(254)

/** Who may be the sender of mails: an address, or all of a domain as `@example.com`. */
export const MailSender = z.union(
  [
    MailAddress,
    z
      .string()
      .regex(/^@[a-z0-9-]+(\.[a-z0-9-]+)+$/i)
      .max(254),
  ],
  'must be an address, or a domain as @example.com',
)

/** One line of a header. Control characters are how headers are smuggled in. */
export const HeaderText = StorableText.max(500).refine(
  // oxlint-disable-next-line no-control-regex
  (text) => !/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(text),
  'must not contain line breaks or control characters',
)

/** Sender, receiver and subject of one transcript's mail; functions return these. */
export const MailHeader = z.object({
  targetEmail: MailAddress,
  senderName: HeaderText,
  senderEmail: MailAddress,
  subject: HeaderText,
})
export type MailHeader = z.infer<typeof MailHeader>

/** Sends transcripts where no function decides. Conditions that are absent always hold. */
export const TranscriptRule = z.object({
  ruleId: z.string().regex(/^[\w-]{1,64}$/, 'must be 1 to 64 of A-Z, a-z, 0-9, _ and -'),
  enabled: z.boolean().default(true),
  /** An unrated chat fits neither of these. */
  csatAtLeast: CsatRank.optional(),
  csatAtMost: CsatRank.optional(),
  /** Of the chat's last skill. */
  skillIds: z.array(z.string()).min(1).max(100).optional(),
  /** Of the agent who served it last. */
  agentIds: z.array(z.string()).min(1).max(100).optional(),
  mail: MailHeader,
})
export type TranscriptRule = z.infer<typeof TranscriptRule>

/** Whether no rating is as good and as bad as a rule wants. */
export function fitsNoRank({
  csatAtLeast,
  csatAtMost,
}: Pick<TranscriptRule, 'csatAtLeast' | 'csatAtMost'>): boolean {
  return csatAtLeast !== undefined && csatAtMost !== undefined && csatAtLeast > csatAtMost
}

/** Something a function returned that is not a mail. */
export const LeftOut = z.object({
  /** Its place in the list of all results. */
  position: z.int().nonnegative(),
  reason: z.string(),
  /** The run that returned it; absent in decisions of before. */
  recordId: z.string().optional(),
})
export type LeftOut = z.infer<typeof LeftOut>

/** What was decided about a chat's transcript, and by whom. */
export const TranscriptDecision = z.object({
  chatId: Uuid,
  decidedAt: Instant,
  by: z.enum(['functions', 'rules']),
  /** `failed`: a function failed, so the transcript is not sent. */
  outcome: z.enum(['mails', 'none', 'failed']),
  /** Why it failed. */
  error: z.string().optional(),
  /** The functions that were asked, or the rules that fitted. */
  sources: z.array(z.string()),
  mailIds: z.array(Uuid),
  leftOut: z.array(LeftOut),
  /** Entries that are neither mails nor listed in `leftOut`, which has at most 100. */
  moreLeftOut: z.int().nonnegative(),
})
export type TranscriptDecision = z.infer<typeof TranscriptDecision>

/**
 * `kept`: there is no mail server to hand it to. `deferred`: will be tried again. `refused`: the mail server will not
 * take it. `failed`: given up. `bounced`: taken, and returned later.
 */
export const MAIL_STATES = [
  'queued',
  'held',
  'deferred',
  'sent',
  'kept',
  'refused',
  'failed',
  'bounced',
] as const
/** One of `MAIL_STATES`. */
export const MailState = z.enum(MAIL_STATES)
export type MailState = z.infer<typeof MailState>

/** One attempt to hand a mail over to its mail server. */
export const MailAttempt = z.object({
  at: Instant,
  outcome: z.enum(['sent', 'kept', 'deferred', 'refused', 'failed', 'bounced']),
  /** What the mail server said, or why it could not be reached. */
  answer: z.string(),
})
export type MailAttempt = z.infer<typeof MailAttempt>

/** A mail and what has become of it. */
export const TranscriptMailRecord = MailHeader.extend({
  mailId: Uuid,
  /** Absent of a report of functions. */
  chatId: Uuid.optional(),
  /** Stays the same however often the mail is sent: receivers recognise a repetition by it. */
  messageId: z.string(),
  state: MailState,
  /** Absent when the account holds all its mails, or a user has held this one. */
  heldBecause: z.string().optional(),
  /** The function or rule that asked for it; `report` of a report. */
  source: z.string(),
  /** The run that asked for it; absent where a rule did, and in mails of before. */
  recordId: z.string().optional(),
  createdAt: Instant,
  updatedAt: Instant,
  /** When it is tried again. */
  nextAttemptAt: Instant.optional(),
  /** How often it was tried; `attempts` has the last 50. */
  tries: z.int().nonnegative(),
  attempts: z.array(MailAttempt),
})
export type TranscriptMailRecord = z.infer<typeof TranscriptMailRecord>

const InAccount = z.object({ accountId: z.string() })
const OneMail = InAccount.extend({ mailId: AskedId })
const base = '/api/v1/accounts/:accountId'
const Rendering = z.object({ subject: z.string(), html: z.string(), text: z.string() })

export const getTranscript = {
  method: 'GET',
  path: `${base}/chats/:chatId/transcript`,
  auth: 'conversation:read',
  audit: 'transcript.read',
  summary: 'The transcript of a chat, and who was decided to get it',
  params: InAccount.extend({ chatId: AskedId }),
  reply: z.object({
    html: z.string(),
    text: z.string(),
    decision: TranscriptDecision.optional(),
  }),
} as const satisfies RouteSpec

export const listMails = {
  method: 'GET',
  path: `${base}/mails`,
  auth: 'conversation:read',
  audit: 'mail.listed',
  summary: 'The mail outbox, newest first',
  params: InAccount,
  query: z.object({
    state: MailState.optional(),
    chatId: AskedId.optional(),
    limit: z.coerce.number().int().min(1).max(500).default(100),
    after: z.string().optional(),
  }),
  reply: z.object({ mails: z.array(TranscriptMailRecord), next: z.string().optional() }),
} as const satisfies RouteSpec

export const countMails = {
  method: 'GET',
  path: `${base}/mail-counts`,
  auth: 'conversation:read',
  summary: 'How many mails there are in each state, and whether there is a mail server',
  params: InAccount,
  reply: z.object({
    states: z.record(MailState, z.int().nonnegative()),
    mailServer: z.boolean(),
  }),
} as const satisfies RouteSpec

export const getMail = {
  method: 'GET',
  path: `${base}/mails/:mailId`,
  auth: 'conversation:read',
  audit: 'mail.read',
  summary: 'A mail with its content; `source` is what was kept for want of a mail server',
  params: OneMail,
  reply: Rendering.extend({ mail: TranscriptMailRecord, source: z.string().optional() }),
} as const satisfies RouteSpec

export const holdMail = {
  method: 'POST',
  path: `${base}/mails/:mailId/hold`,
  auth: 'delivery:manage',
  summary: 'Keeps a queued or deferred mail from being sent',
  params: OneMail,
  reply: TranscriptMailRecord,
} as const satisfies RouteSpec

export const sendMail = {
  method: 'POST',
  path: `${base}/mails/:mailId/send`,
  auth: 'delivery:manage',
  summary: 'Sends a mail now, whatever became of it before',
  params: OneMail,
  reply: TranscriptMailRecord,
} as const satisfies RouteSpec

export const sendMails = {
  method: 'POST',
  path: `${base}/mails/send`,
  auth: 'delivery:manage',
  summary: 'Sends all mails of a state now, at most 5000 at once',
  params: InAccount,
  body: z.object({ state: MailState }),
  reply: z.object({ queued: z.int().nonnegative(), more: z.boolean() }),
} as const satisfies RouteSpec

export const reportBounce = {
  method: 'POST',
  path: `${base}/mail-bounces`,
  auth: 'delivery:manage',
  summary: 'Takes a delivery status notification (RFC 3464) that a mail server has returned',
  params: InAccount,
  body: z.object({ message: z.string().max(1_000_000) }),
  reply: TranscriptMailRecord,
  bodyLimit: 2_000_000,
} as const satisfies RouteSpec
