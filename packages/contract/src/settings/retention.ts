import * as z from 'zod'
import type { SettingsGroup } from './group.ts'

/** Of 24 hours. */
const Days = z.int().positive().max(3650)

export const retention = {
  purpose: 'How many days records, conversations and the audit are kept',
  read: 'account:read',
  write: 'account:write',
  schema: z.object({
    logDays: Days.default(30),
    metricsDays: Days.default(30),
    invocationDays: Days.default(30),
    activityDays: Days.default(60),
    deadLetterDays: Days.default(30),
    /** Of versions and deployments of functions, and of revisions of surveys, since they were replaced; `null` keeps them for ever. */
    versionDays: Days.nullable().default(400),
    /** Of a consumer's profile, since its last change, once the consumer has no conversations. */
    profileDays: Days.default(400),
    /** Of what is known of a visitor, since the last attribute. */
    visitorDays: Days.default(400),
    /** At least 30: who changes this cannot make the audit forget it soon. */
    auditDays: Days.min(30).default(400),
    /** `null` keeps closed conversations for ever. */
    conversationDays: Days.nullable().default(null),
  }),
} as const satisfies SettingsGroup
