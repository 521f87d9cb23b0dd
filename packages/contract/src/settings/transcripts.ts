import * as z from 'zod'
import { MailAddress, MailSender, TranscriptRule } from '../transcripts.ts'
import { groupWithPath } from './group.ts'

export const transcripts = groupWithPath('transcript-settings', {
  purpose: 'Rules that send transcripts where no function decides, and how mails leave',
  replaces: 'Replaces the rules and how mails leave',
  read: 'account:read',
  write: 'account:write',
  schema: z.object({
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
  }),
})
export type TranscriptSettings = z.infer<typeof transcripts.schema>

export const { get: getTranscriptSettings, put: setTranscriptSettings } = transcripts
