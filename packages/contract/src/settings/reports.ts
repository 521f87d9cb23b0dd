import * as z from 'zod'
import { MailAddress } from '../transcripts.ts'
import { groupWithPath } from './group.ts'

/** How often the report of functions leaves: at 01:00 UTC, each day or each Monday. */
export const REPORT_FREQUENCIES = ['none', 'daily', 'weekly'] as const

/** Whatever `limits.reportRecipients` says. */
const MAX_RECIPIENTS = 100

const Recipients = z
  .array(MailAddress)
  .max(MAX_RECIPIENTS)
  .superRefine((addresses, context) => {
    const known = new Set<string>()
    for (const [index, address] of addresses.entries()) {
      if (known.has(address.toLowerCase())) {
        const message = `must be unique: "${address}" is there already`
        context.addIssue({ code: 'custom', path: [index], message })
      }
      known.add(address.toLowerCase())
    }
  })

export const reports = groupWithPath('report-settings', {
  purpose: 'How often figures of the functions leave by mail, and to whom',
  replaces: 'Replaces who gets the report by mail, and how often it leaves',
  read: 'report:read',
  write: 'report-recipient:write',
  fieldWrites: { frequency: 'report-settings:write' },
  schema: z.object({
    frequency: z.enum(REPORT_FREQUENCIES).default('none'),
    /** At most `limits.reportRecipients`. Each gets a mail of its own. */
    recipients: Recipients.default([]),
  }),
  otherNames: { interval: 'frequency', receivers: 'recipients', emails: 'recipients' },
})
export type ReportSettings = z.infer<typeof reports.schema>

export const { get: getReportSettings, put: setReportSettings } = reports
