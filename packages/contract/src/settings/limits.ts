import * as z from 'zod'
import type { SettingsGroup } from './group.ts'

const Count = z.int().nonnegative()
/** `null` means without limit. */
const Unlimited = z.int().nonnegative().nullable()
/** Far more than an account needs. A figure, because published clients read one. */
const MANY_FUNCTIONS = 1_000_000
const Days = z.int().positive().max(3650)

export const limits = {
  purpose: 'What functions of the account may use',
  read: 'account:read',
  write: 'account:write',
  schema: z.object({
    codeCharacters: Count.max(1_000_000).default(100_000),
    executionTimeMs: z.int().positive().max(30_000).default(30_000),
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
    /** Beside the provisioned ones. */
    secrets: Count.default(1_000),
    secretNameCharacters: Count.default(100),
    secretValueCharacters: Count.default(10_000),
    /** Of all properties in the context store, as they are stored. */
    contextStoreBytes: Count.max(10_737_418_240).default(104_857_600),
    /** Beside the provisioned ones. */
    allowedDomains: Count.default(1_000),
    skillsPerFunction: Count.default(50),
    schedules: Count.default(10),
    schedulePayloadCharacters: Count.default(8000),
    reportRecipients: Count.default(10),
    functions: Count.default(MANY_FUNCTIONS),
    deployedFunctions: Count.default(MANY_FUNCTIONS),
    keptVersions: z.int().positive().nullable().default(null),
    keptDeployments: z.int().positive().nullable().default(null),
    invocationsPerMonth: Unlimited.default(null),
    /** Shown in reports, never enforced. */
    fairUseInvocationsPerMonth: Count.default(150_000),
  }),
  otherNames: {
    timeoutMs: 'executionTimeMs',
    requestsPerSecond: 'outboundRequestsPerSecond',
  },
} as const satisfies SettingsGroup
export type AccountLimits = z.infer<typeof limits.schema>

/** Those of an account that has set none. */
export const DEFAULT_LIMITS: AccountLimits = limits.schema.parse({})

/** Of the body of a request, and of what a function returns; in bytes. */
export const MAX_PAYLOAD_BYTES = 1_048_576
