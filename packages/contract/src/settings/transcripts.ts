import * as z from 'zod'
import { fitsNoRank, MailAddress, MailSender, TranscriptRule } from '../transcripts.ts'
import { groupWithPath } from './group.ts'

const Settings = z.object({
  rules: z
    .array(TranscriptRule)
    .max(100)
    .default([])
    .refine(
      (rules) => new Set(rules.map(({ ruleId }) => ruleId)).size === rules.length,
      'must have ruleIds that differ from each other',
    ),
  /**
   * Senders of mails that functions ask for. Where mails leave by SMTP, those of other senders are held until a user sends
   * them.
   */
  senders: z.array(MailSender).max(100).default([]),
  /** New mails wait until a user sends them. */
  holdMails: z.boolean().default(false),
  /** Where receiving servers return what they cannot deliver; the sender when absent. */
  bounceAddress: MailAddress.optional(),
})
export type TranscriptSettings = z.infer<typeof Settings>

export const transcripts = groupWithPath('transcript-settings', {
  purpose: 'Rules that send transcripts where no function decides, and how mails leave',
  replaces: 'Replaces the rules and how mails leave',
  read: 'account:read',
  write: 'account:write',
  schema: Settings,
  problems: ({ rules }: TranscriptSettings, before: TranscriptSettings) =>
    rules.flatMap((rule, at) =>
      fitsNoRank(rule) && !before.rules.some((other) => isSameRange(rule, other))
        ? [{ path: ['rules', at, 'csatAtMost'], message: problemOf(rule) }]
        : [],
    ),
})

export const { get: getTranscriptSettings, put: setTranscriptSettings } = transcripts

function isSameRange(one: TranscriptRule, other: TranscriptRule): boolean {
  return (
    one.ruleId === other.ruleId &&
    one.csatAtLeast === other.csatAtLeast &&
    one.csatAtMost === other.csatAtMost
  )
}

function problemOf({ ruleId, csatAtLeast }: TranscriptRule): string {
  return `must be at least csatAtLeast (${csatAtLeast}): rule "${ruleId}" would fit no chat`
}
