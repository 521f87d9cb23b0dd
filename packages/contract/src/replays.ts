import * as z from 'zod'
import { CommandOutcome, InvocationState } from './invocations.ts'
import type { RouteSpec } from './route.ts'
import { AskedId, Instant, MAX_ROW_NUMBER } from './text.ts'

/** What a run is repeated with: the version that ran, the one that is deployed, the draft, or any version. */
export const ReplayTarget = z.union([
  z.enum(['recorded', 'deployed', 'draft']),
  z.object({ version: z.int().positive().max(MAX_ROW_NUMBER) }),
])
export type ReplayTarget = z.infer<typeof ReplayTarget>

/** What becomes of outgoing calls in a replay. */
export const CALLS_IN_REPLAY = ['recorded', 'blocked', 'allowed'] as const

export const ReplayRequest = z.object({
  against: ReplayTarget.default('deployed'),
  /** `recorded`: answered as they were. `blocked`: none is let out. `allowed`: they are made, and may change something. */
  calls: z.enum(CALLS_IN_REPLAY).default('recorded'),
})
export type ReplayRequest = z.infer<typeof ReplayRequest>

/** One place where a replay is not what was recorded; a value that is absent was not there. */
export const Difference = z.object({
  part: z.enum(['outcome', 'result', 'commands', 'logs', 'calls']),
  /** Where in the part, such as `[0].text`. */
  path: z.string(),
  recorded: z.unknown().optional(),
  replayed: z.unknown().optional(),
})
export type Difference = z.infer<typeof Difference>

/** One run, repeated: nothing of it counts, and none of its commands is applied. */
export const Replay = z.object({
  /** Of the run that was repeated. */
  replayOf: z.string(),
  functionId: z.string(),
  recordedVersion: z.int(),
  version: z.int(),
  startedAt: Instant,
  outcome: InvocationState,
  errorCode: z.string().optional(),
  errorMessage: z.string().optional(),
  stack: z.string().optional(),
  durationMs: z.number(),
  result: z.unknown().optional(),
  logs: z.array(z.object({ level: z.string(), message: z.string(), extras: z.array(z.unknown()) })),
  isSame: z.boolean(),
  /** At most 100. */
  differences: z.array(Difference),
  /** What the recording lacks, so that a difference may have its cause there. */
  notes: z.array(z.string()),
})
export type Replay = z.infer<typeof Replay>

export const replayInvocation = {
  method: 'POST',
  path: '/api/v1/accounts/:accountId/invocations/:recordId/replay',
  auth: 'record:replay',
  audit: 'invocation.replayed',
  summary: 'Runs an invocation again from its recording, and says what is different',
  params: z.object({ accountId: z.string(), recordId: AskedId }),
  body: ReplayRequest,
  reply: Replay,
} as const satisfies RouteSpec

/** A repeated run whose commands were given to its conversation. */
export const AppliedReplay = Replay.extend({
  /** The record of this run; absent where nothing of it counted. */
  recordId: z.string().optional(),
  /** What became of each command; empty for a run that failed again. */
  commands: z.array(CommandOutcome),
})
export type AppliedReplay = z.infer<typeof AppliedReplay>

export const applyReplay = {
  method: 'POST',
  path: '/api/v1/accounts/:accountId/invocations/:recordId/replay/apply',
  auth: 'record:replay',
  audit: 'replay.applied',
  summary:
    'Runs what failed for a conversation again, and applies its commands there: once, for a caller with function:write',
  params: z.object({ accountId: z.string(), recordId: AskedId }),
  body: z.object({ against: ReplayTarget.default('deployed') }),
  reply: AppliedReplay,
} as const satisfies RouteSpec
