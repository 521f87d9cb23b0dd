import { z } from 'zod'
import type { RouteSpec } from './route.ts'

const Count = z.int().nonnegative()
/** `null` means without limit. */
const Unlimited = z.int().nonnegative().nullable()
const Days = z.int().positive().max(3650)

export const AccountLimits = z.object({
  codeCharacters: Count.max(1_000_000).default(100_000),
  executionTimeMs: z.int().positive().max(30_000).default(30_000),
  /** Some event sources wait less long than a function may run. */
  orchestratorTimeMs: z.int().positive().max(30_000).default(25_000),
  logEntries: Count.max(1000).default(10),
  /** Message and extras of all entries of an invocation together. */
  logCharacters: Count.max(40_000).default(6000),
  logSearchDays: Days.default(7),
  logExportRows: Count.default(500),
  outboundRequestsPerSecond: z.int().positive().default(20),
  /** Of callers outside, over all functions; off by default. */
  invocationsPerSecond: z.int().positive().nullable().default(null),
  environmentVariables: Count.default(512),
  environmentNameCharacters: Count.default(200),
  environmentValueCharacters: Count.default(200),
  secretNameCharacters: Count.default(100),
  secretValueCharacters: Count.default(10_000),
  skillsPerFunction: Count.default(50),
  schedules: Count.default(10),
  schedulePayloadCharacters: Count.default(8000),
  debuggerPayloadCharacters: Count.default(10_000),
  reportRecipients: Count.default(10),
  functions: Unlimited.default(null),
  deployedFunctions: Unlimited.default(null),
  keptVersions: z.int().positive().nullable().default(null),
  keptDeployments: z.int().positive().nullable().default(null),
  invocationsPerMonth: Unlimited.default(null),
  /** Shown in reports, never enforced. */
  fairUseInvocationsPerMonth: Count.default(150_000),
})
export type AccountLimits = z.infer<typeof AccountLimits>

export const RetentionSettings = z.object({
  logDays: Days.default(30),
  metricsDays: Days.default(30),
  invocationDays: Days.default(30),
  activityDays: Days.default(60),
  deadLetterDays: Days.default(30),
  /** `null` keeps closed conversations for ever. */
  conversationDays: Days.nullable().default(null),
})

/** Of which invocations input, outgoing calls and result are kept beside the head. */
export const RecordingSettings = z.object({
  events: z.boolean().default(true),
  failures: z.boolean().default(true),
  /** Direct successes per function and minute. */
  directPerMinute: Count.default(10),
  maxBytes: Count.max(1_048_576).default(65_536),
})

const HOUR_MS = 3_600_000
const Life = z
  .int()
  .positive()
  .max(3650 * 24 * HOUR_MS)

/** How long what proves an identity is good for. */
export const IdentitySettings = z.object({
  sessionMs: Life.default(8 * HOUR_MS),
  appTokenMs: Life.default(HOUR_MS),
  consumerTokenMs: Life.default(30 * 24 * HOUR_MS),
  signingKeyMs: Life.default(90 * 24 * HOUR_MS),
})

const MINUTE_MS = 60_000
const Seconds = z.int().positive().max(31_536_000)

/** How conversations are answered, offered to agents, and ended. */
const ImageHost = z
  .string()
  .max(253)
  .regex(
    /^(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?$/,
    'must be a host name',
  )

export const MessagingSettings = z.object({
  /** Seconds to respond by urgency. */
  ttr: z
    .object({
      URGENT: Seconds.default(300),
      NORMAL: Seconds.default(3600),
      PRIORITIZED: Seconds.default(600),
    })
    .prefault({}),
  /** Closes what waits for the consumer for so long. */
  autoCloseMs: z
    .int()
    .min(25 * MINUTE_MS)
    .max(90 * 24 * HOUR_MS)
    .default(90 * 24 * HOUR_MS),
  /** By skill id, in place of the account's. */
  autoCloseMsBySkill: z
    .record(
      z.string(),
      z
        .int()
        .min(25 * MINUTE_MS)
        .max(90 * 24 * HOUR_MS),
    )
    .default({}),
  ringMs: z.int().min(1000).max(HOUR_MS).default(72_000),
  /** How long only a suggested agent is asked before everybody of the skill is. */
  suggestionMs: z.int().min(1000).max(HOUR_MS).default(180_000),
  /** Requests on one socket; above, they are refused with 429. */
  requestsPerSecond: z.int().positive().max(100_000).default(100),
  /** Requests on all sockets of the account on one node, and of its connectors. */
  accountRequestsPerSecond: z.int().positive().max(1_000_000).default(5000),
  /** Where images of cards may come from, with `*` for one label; `null` takes any host. */
  imageHosts: z.array(ImageHost).max(100).nullable().default(null),
  fileBytes: z.int().positive().max(104_857_600).default(5_242_880),
  storedFileBytes: z.int().positive().default(1_073_741_824),
})
export type MessagingSettings = z.infer<typeof MessagingSettings>

export const AccountSettings = z.object({
  functionsEnabled: z.boolean().default(true),
  controllerBotEnabled: z.boolean().default(true),
  transferToAgentEnabled: z.boolean().default(true),
  /** Which hosts the service look-up answers, and so which dialect the functions client speaks. */
  dialect: z.enum(['v1', 'v2']).default('v1'),
  /** Of days and calendars that name none. */
  timeZone: z
    .string()
    .refine(isTimeZone, 'must be a time zone such as Europe/Berlin')
    .default('UTC'),
  language: z
    .string()
    .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'must be a language such as en-US')
    .default('en-US'),
  limits: AccountLimits.prefault({}),
  retention: RetentionSettings.prefault({}),
  recordings: RecordingSettings.prefault({}),
  identity: IdentitySettings.prefault({}),
  messaging: MessagingSettings.prefault({}),
})
export type AccountSettings = z.infer<typeof AccountSettings>

/** What is named is set, `null` where the setting itself is not nullable goes back to the default. */
export const AccountSettingsChange = z.record(z.string(), z.json())
export type AccountSettingsChange = z.infer<typeof AccountSettingsChange>

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

const InAccount = z.object({ accountId: z.string() })
const base = '/api/v1/accounts/:accountId/settings'

export const getAccountSettings = {
  method: 'GET',
  path: base,
  auth: 'account:read',
  summary: 'Switches, limits, retention and lives of tokens, with their defaults',
  params: InAccount,
  reply: AccountSettings,
} as const satisfies RouteSpec

export const changeAccountSettings = {
  method: 'PATCH',
  path: base,
  auth: 'account:write',
  summary: 'Sets the settings that are named, also single ones inside limits, retention and others',
  params: InAccount,
  body: AccountSettingsChange,
  reply: AccountSettings,
} as const satisfies RouteSpec
