import * as z from 'zod'
import type { RouteSpec } from './route.ts'
import { AskedId, Instant, listOf, RowNumber } from './text.ts'

/** Published misspelling: `UNKOWN` (`spec/platform.md` 11). */
export const INVOCATION_STATES = [
  'UNKOWN',
  'SUCCEEDED',
  'CODING_FAILURE',
  'PLATFORM_FAILURE',
  'TIMEOUT',
  /** Not published: a rule kept the event from the function. The error message says which. */
  'NOT_RUN',
] as const
/** How an invocation ended: one of `INVOCATION_STATES`. */
export const InvocationState = z.enum(INVOCATION_STATES)
export type InvocationState = z.infer<typeof InvocationState>

/** What became of one command of the result, and why it did not count where it did not. */
export const CommandOutcome = z.object({
  type: z.string(),
  applied: z.boolean(),
  reason: z.string().optional(),
})

/** The record of one attempt to run a function. Durations are milliseconds. */
export const InvocationSummary = z.object({
  recordId: z.string(),
  /** The request id: what functions know as `X-Request-ID`, and what log entries carry. */
  invocationId: z.string(),
  functionId: z.string(),
  functionName: z.string().optional(),
  deploymentId: z.string().optional(),
  version: z.int(),
  eventId: z.string().optional(),
  skillId: z.string().optional(),
  conversationId: z.string().optional(),
  source: z.string(),
  attempt: z.int(),
  startedAt: Instant,
  durationMs: z.number(),
  outcome: InvocationState,
  errorCode: z.string().optional(),
  errorMessage: z.string().optional(),
  stack: z.string().optional(),
  coldStart: z.boolean(),
  commands: z.array(CommandOutcome).optional(),
})
export type InvocationSummary = z.infer<typeof InvocationSummary>

/** The first twenty are kept. Without `ms` it was not answered before the invocation ended. */
export const OutgoingCall = z.object({
  /** With the port, where it is not that of the protocol. */
  host: z.string(),
  method: z.string(),
  /** File, line and column in the function's source; absent when a library hides them. */
  calledFrom: z.string().optional(),
  status: z.int().optional(),
  /** Why the platform did not let it out. */
  refused: z.string().optional(),
  failed: z.string().optional(),
  ms: z.number().optional(),
})

export type OutgoingCall = z.infer<typeof OutgoingCall>

/** With what was kept under the account's policy. */
export const WholeInvocation = InvocationSummary.extend({
  input: z.unknown(),
  result: z.unknown(),
  outgoing: z.array(OutgoingCall).nullable(),
})
export type WholeInvocation = z.infer<typeof WholeInvocation>

const InAccount = z.object({ accountId: z.string() })
const base = '/api/v1/accounts/:accountId/invocations'

const RunFilter = {
  functionId: AskedId.optional(),
  version: RowNumber.positive().optional(),
  eventId: z.string().optional(),
  conversationId: z.string().optional(),
  invocationId: z.string().optional(),
  outcome: listOf(InvocationState),
  from: Instant.optional(),
  to: Instant.optional(),
}

export const listInvocations = {
  method: 'GET',
  path: base,
  auth: 'record:read',
  audit: 'record.listed',
  summary:
    'What ran: by function, version, event, conversation, outcome and time; oldest first within a page',
  params: InAccount,
  query: z.object({
    ...RunFilter,
    limit: z.coerce.number().int().min(1).max(500).default(100),
    /** `next` of another page: leads to older ones. */
    after: z.string().optional(),
  }),
  reply: z.object({ invocations: z.array(WholeInvocation), next: z.string().optional() }),
} as const satisfies RouteSpec

export const exportInvocations = {
  method: 'GET',
  path: `${base}/export`,
  auth: 'record:read',
  audit: 'record.exported',
  summary:
    'The newest 5,000 runs that fit, oldest first, as CSV or as JSON lines: without what they got and returned',
  params: InAccount,
  query: z.object({ ...RunFilter, format: z.enum(['csv', 'jsonl']).default('csv') }),
  answers: ['text/csv', 'application/jsonl'],
} as const satisfies RouteSpec

export const getInvocation = {
  method: 'GET',
  path: `${base}/:recordId`,
  auth: 'record:read',
  audit: 'record.read',
  summary: 'One invocation',
  params: InAccount.extend({ recordId: AskedId }),
  reply: WholeInvocation,
} as const satisfies RouteSpec

const StatedBody = z.object({
  text: z.string().optional(),
  base64: z.string().optional(),
  /** Of a body that is too long to be kept. */
  bytes: z.number().optional(),
  hash: z.string().optional(),
})

/** What a replay of a run needs beside its input. The function's own process states it: it says nothing about rights or bills. */
export const RecordingView = z.object({
  recordId: z.string(),
  version: z.int(),
  /** `metadata`: only that it ran is kept. */
  kept: z.enum(['whole', 'metadata']),
  reason: z.string().optional(),
  statedBy: z.literal('function'),
  startedAt: Instant,
  /** Of `Math.random`. */
  seed: z.string().optional(),
  /** Names of the secrets that it has read or updated. */
  secrets: z.array(z.string()),
  /** Names of its environment variables. */
  environment: z.array(z.string()),
  calls: z.array(
    z.object({
      number: z.int(),
      method: z.string(),
      url: z.string(),
      /** A hash of method, address and body: by it a replay finds the answer. */
      key: z.string(),
      request: StatedBody.optional(),
      status: z.int().optional(),
      statusText: z.string().optional(),
      headers: z.array(z.tuple([z.string(), z.string()])).optional(),
      answer: StatedBody.optional(),
      failed: z
        .object({ name: z.string(), message: z.string(), code: z.string().optional() })
        .optional(),
    }),
  ),
  platformCalls: z.array(
    z.object({
      number: z.int(),
      kind: z.string(),
      key: z.string(),
      args: z.unknown().optional(),
      value: z.unknown().optional(),
      error: z.object({ message: z.string(), code: z.string().optional() }).optional(),
      bytes: z.number().optional(),
    }),
  ),
  /** Timers and answers that code ran for. */
  turns: z.int(),
  /** Bytes that were drawn of the strong source of random numbers; what they were is not shown. */
  drawnBytes: z.int(),
  /** What was too much to be kept: a replay may differ there. */
  over: z.array(z.string()),
})
export type RecordingView = z.infer<typeof RecordingView>

export const getRecording = {
  method: 'GET',
  path: `${base}/:recordId/recording`,
  auth: 'record:read',
  audit: 'recording.read',
  summary: 'What is kept of one invocation for replays: its outgoing calls with their answers',
  params: InAccount.extend({ recordId: AskedId }),
  reply: RecordingView,
} as const satisfies RouteSpec

/** A log entry of a test run. Test runs also show those of the level Debug. */
export const TestLogEntry = z.object({
  level: z.enum(['Debug', 'Info', 'Warn', 'Error']),
  message: z.string(),
  extras: z.array(z.unknown()),
  timestamp: z.number(),
})

/** What to run once, and what to give to it (`spec/platform.md` 10). */
export const TestInvocation = z.object({
  target: z.enum(['deployed', 'draft']).default('deployed'),
  headers: z.array(z.object({ key: z.string(), value: z.string() })).default([]),
  payload: z.unknown().refine((payload) => payload !== undefined, 'is missing'),
  /** Stores the log as that of a real run. */
  keepLogs: z.boolean().default(false),
})
export type TestInvocation = z.infer<typeof TestInvocation>

export const testFunction = {
  method: 'POST',
  path: '/api/v1/accounts/:accountId/functions/:functionId/test',
  auth: 'function:invoke',
  audit: { as: 'function.tested', of: 'acting' },
  summary: 'Runs the deployed version or the draft once and gives back result and all log entries',
  params: InAccount.extend({ functionId: AskedId }),
  body: TestInvocation,
  maxValues: 100_000,
  reply: z.object({
    recordId: z.string(),
    /** What kept log entries carry. */
    invocationId: z.string(),
    outcome: InvocationState,
    result: z.unknown().optional(),
    errorCode: z.string().optional(),
    errorMessage: z.unknown().optional(),
    stack: z.string().optional(),
    durationMs: z.number(),
    coldStart: z.boolean(),
    logs: z.array(TestLogEntry),
    /** What it called outside, and what was not let out; the first twenty. */
    outgoing: z.array(OutgoingCall),
    warnings: z.array(z.string()),
  }),
} as const satisfies RouteSpec
