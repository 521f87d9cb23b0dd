import * as z from 'zod'
import { InvocationState } from './invocations.ts'
import { Difference, ReplayTarget } from './replays.ts'
import type { RouteSpec } from './route.ts'
import { AskedId, Instant, listOf } from './text.ts'

/** Of one job. */
export const MAX_REPLAYED_RUNS = 10_000
/** Runs that a job repeats when nothing is said: enough for a glance before a deployment. */
export const DEFAULT_REPLAYED_RUNS = 50
/** Enough for so many ids. */
const MAX_VALUES = 2 * MAX_REPLAYED_RUNS

/** `broken`: it could not go on; the job says why. It can be resumed, as a cancelled one can. */
export const REPLAY_JOB_STATES = ['running', 'done', 'cancelled', 'broken'] as const
export const ReplayJobState = z.enum(REPLAY_JOB_STATES)
export type ReplayJobState = z.infer<typeof ReplayJobState>

/** Why a run could not be repeated, with what is said of it. */
export const NOT_REPLAYED = {
  gone: 'it is no longer there: its consumer was erased, or it is older than the account keeps',
  otherFunction: 'it is a run of another function',
  notRun: 'it did not run',
  notRecorded: 'the account does not keep what a replay needs (setting recordings.policy)',
  recordedInPart: 'only that it ran was kept: more was recorded at once than the server writes',
  inputTooLong: 'its input is longer than the account keeps (setting recordings.maxBytes)',
  versionGone: 'the version that it needs is no longer kept',
  internal: 'the server failed, and its log says why',
} as const
export const NotReplayedKind = z.enum(
  Object.keys(NOT_REPLAYED) as [keyof typeof NOT_REPLAYED, ...(keyof typeof NOT_REPLAYED)[]],
)
export type NotReplayedKind = z.infer<typeof NotReplayedKind>

/** What became of a run in a job. */
export const REPLAYED_STATES = ['waiting', 'same', 'different', 'notReplayed'] as const
export const ReplayedState = z.enum(REPLAYED_STATES)
export type ReplayedState = z.infer<typeof ReplayedState>

const RecordIds = z
  .array(z.guid('must be the id of a run').toLowerCase())
  .min(1)
  .max(MAX_REPLAYED_RUNS)
  .refine((ids) => new Set(ids).size === ids.length, 'must not name a run twice')

/** Which runs of a function are repeated, and with what. */
export const ReplayJobRequest = z
  .object({
    /** Exactly these runs, in this order, instead of the newest that fit. */
    recordIds: RecordIds.optional(),
    /** The newest so many of the recorded runs that fit; 50 unless given. */
    last: z.int().min(1).max(MAX_REPLAYED_RUNS).optional(),
    from: Instant.optional(),
    /** Exclusive. */
    to: Instant.optional(),
    outcome: z.array(InvocationState).min(1).optional(),
    eventId: z.string().max(200).optional(),
    /** `draft` and `deployed` are the version that this is when the job starts. */
    against: ReplayTarget.default('deployed'),
    /** Really making the calls of so many runs is not offered. */
    calls: z.enum(['recorded', 'blocked']).default('recorded'),
  })
  .superRefine((request, context) => {
    if (!request.recordIds) return
    for (const name of ['last', 'from', 'to', 'outcome', 'eventId'] as const) {
      if (request[name] === undefined) continue
      context.addIssue({ code: 'custom', path: [name], message: 'must not come with recordIds' })
    }
  })
export type ReplayJobRequest = z.infer<typeof ReplayJobRequest>

/** Many runs of one function, repeated in the background: nothing of them counts, and no command is applied. */
export const ReplayJob = z.object({
  jobId: z.string(),
  functionId: z.string(),
  functionName: z.string().optional(),
  state: ReplayJobState,
  /** Of a broken one: why it could not go on. */
  problem: z.string().optional(),
  against: ReplayTarget,
  /** What it is fixed to; absent where each run is repeated with its own version. */
  version: z.int().optional(),
  calls: z.enum(['recorded', 'blocked']),
  total: z.int(),
  /** `same`, `different` and `notReplayed` together. */
  done: z.int(),
  same: z.int(),
  different: z.int(),
  notReplayed: z.int(),
  /** Why runs were not replayed, the most frequent first. */
  reasons: z.array(z.object({ kind: NotReplayedKind, count: z.int(), says: z.string() })),
  startedAt: Instant,
  endedAt: Instant.optional(),
  startedBy: z.string(),
})
export type ReplayJob = z.infer<typeof ReplayJob>

/** One run of a job, in short. */
export const ReplayedRun = z.object({
  recordId: z.string(),
  /** Of the run that was recorded. */
  startedAt: Instant,
  state: ReplayedState,
  /** Of one that was not replayed. */
  reason: z.object({ kind: NotReplayedKind, says: z.string() }).optional(),
  recordedVersion: z.int().optional(),
  version: z.int().optional(),
  /** Of the replay. */
  outcome: InvocationState.optional(),
  durationMs: z.number().optional(),
  /** At most 100. */
  differenceCount: z.int(),
  firstDifference: Difference.optional(),
})
export type ReplayedRun = z.infer<typeof ReplayedRun>

export const WholeReplayedRun = ReplayedRun.extend({
  errorMessage: z.string().optional(),
  differences: z.array(Difference),
  /** Values were shortened, or differences left out: a replay of this one run with the same version shows them whole. */
  isCut: z.boolean(),
  /** What the recording lacks, so that a difference may have its cause there. */
  notes: z.array(z.string()),
})
export type WholeReplayedRun = z.infer<typeof WholeReplayedRun>

const InAccount = z.object({ accountId: z.string() })
const OneJob = InAccount.extend({ jobId: AskedId })
const base = '/api/v1/accounts/:accountId/replays'

export const startReplayJob = {
  method: 'POST',
  path: '/api/v1/accounts/:accountId/functions/:functionId/replays',
  auth: 'record:replay',
  audit: 'replay.started',
  summary:
    'Repeats many runs of a function in the background; one such job of a function at a time',
  params: InAccount.extend({ functionId: AskedId }),
  body: ReplayJobRequest,
  maxValues: MAX_VALUES,
  reply: ReplayJob,
  status: 201,
} as const satisfies RouteSpec

export const listReplayJobs = {
  method: 'GET',
  path: base,
  auth: 'record:read',
  summary: 'The jobs that are kept, newest first',
  params: InAccount,
  query: z.object({ functionId: AskedId.optional() }),
  reply: z.object({ jobs: z.array(ReplayJob) }),
} as const satisfies RouteSpec

export const getReplayJob = {
  method: 'GET',
  path: `${base}/:jobId`,
  auth: 'record:read',
  summary: 'How far a job is',
  params: OneJob,
  reply: ReplayJob,
} as const satisfies RouteSpec

export const watchReplayJob = {
  method: 'GET',
  path: `${base}/:jobId/progress`,
  auth: 'record:read',
  summary: 'The job as server-sent events `progress` while it changes; they end with it',
  params: OneJob,
  answers: ['text/event-stream'],
} as const satisfies RouteSpec

export const listReplayedRuns = {
  method: 'GET',
  path: `${base}/:jobId/runs`,
  auth: 'record:read',
  audit: 'replay.listed',
  summary: 'The runs of a job, in their order; those that differ or were not replayed unless given',
  params: OneJob,
  query: z.object({
    state: listOf(ReplayedState),
    limit: z.coerce.number().int().min(1).max(200).default(50),
    /** `next` of the page before. */
    after: z.string().optional(),
  }),
  reply: z.object({ runs: z.array(ReplayedRun), next: z.string().optional() }),
} as const satisfies RouteSpec

export const getReplayedRun = {
  method: 'GET',
  path: `${base}/:jobId/runs/:recordId`,
  auth: 'record:read',
  audit: 'replay.read',
  summary: 'One run of a job with its differences',
  params: OneJob.extend({ recordId: AskedId }),
  reply: WholeReplayedRun,
} as const satisfies RouteSpec

export const cancelReplayJob = {
  method: 'POST',
  path: `${base}/:jobId/cancel`,
  auth: 'record:replay',
  audit: 'replay.cancelled',
  summary: 'Stops a job; what is done stays, and it can be resumed',
  params: OneJob,
  reply: ReplayJob,
} as const satisfies RouteSpec

export const resumeReplayJob = {
  method: 'POST',
  path: `${base}/:jobId/resume`,
  auth: 'record:replay',
  audit: 'replay.resumed',
  summary: 'Goes on with a cancelled or broken job where it stopped',
  params: OneJob,
  reply: ReplayJob,
} as const satisfies RouteSpec
