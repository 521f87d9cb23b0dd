import type { AccountSettings } from '@parley/contract'
import { type Clock, type Ids, type Logger, type Monotonic, ParleyError } from '#base/kernel'
import type { Accounts } from '#identity/accounts'
import type { DeployedFunction, Functions, Runnable } from '#faas/functions'
import type { InvocationRecord, Writer } from '#faas/records'
import type { LogEntry, Sandbox, SandboxOutcome } from '#faas/sandbox'
import type { Store } from '#base/store'
import { recordOf, type Trigger, type Ran } from './record-of.ts'
import { logRows } from './log-rows.ts'
import { redactEntry, redactText, redactValue } from './redact.ts'

export interface InvocationsRoom {
  store: Store
  functions: Functions
  accounts: Pick<Accounts, 'settings' | 'peekSettings'>
  sandbox: Sandbox
  clock: Clock
  monotonic: Monotonic
  ids: Ids
  logger: Logger
  writer: Writer
  newRecordId(startedAt: number): string
  /** Secret values that functions of the account have seen: they must not be kept anywhere. */
  secretsOf(accountId: string): readonly string[]
}

export interface RunCall {
  /** JSON of `{ timestamp, headers, payload }`. */
  body: Uint8Array
  trigger: Trigger
  timeLimitMs?: number | undefined
  /** A test: all levels come back, no log rows are stored. */
  test?: boolean
}

export interface Run {
  outcome: SandboxOutcome
  record: InvocationRecord
  /** Whether input and result are kept of a direct invocation. */
  keep: boolean
  /** As the account wanted them when it began. */
  recordings: AccountSettings['recordings']
}

/** Runs a deployed function once, and counts and logs what happened. Its record is the caller's affair. */
export async function runDeployed(
  room: InvocationsRoom,
  deployed: DeployedFunction,
  call: RunCall,
): Promise<Run> {
  const { known, load } = room.functions.runnables
  const runnable = known(deployed.deploymentId) ?? (await load(deployed))
  return run(room, deployed, runnable, call)
}

export async function run(
  room: InvocationsRoom,
  ran: Ran,
  runnable: Runnable,
  { body, trigger, timeLimitMs, test = false }: RunCall,
): Promise<Run> {
  const startedAt = room.clock.now()
  const { peekSettings, settings: readSettings } = room.accounts
  // Without waiting, but for the moment after a change.
  const settings = peekSettings(ran.accountId) ?? (await readSettings(ran.accountId))
  const { executionTimeMs, logEntries, logCharacters } = settings.limits
  const call = {
    version: runnable.version,
    invocationId: trigger.invocationId,
    body,
    timeLimitMs: Math.min(timeLimitMs ?? Infinity, executionTimeMs),
    limits: { logEntries, logCharacters },
    ...(test && { keepDebug: true }),
  }
  const first = await room.sandbox.invoke(call)
  // Published: automatic retries may repeat an invocation that the platform could not finish.
  const last = isWorthRepeating(first) ? await room.sandbox.invoke(call) : first
  if (!last.ok && last.failure === 'bad-input') {
    throw new ParleyError('invalid_request', String(last.message))
  }
  const told = test ? { ...last, logs: shown(room, ran, last.logs) } : last
  const outcome = told.ok ? told : readable(room, ran, runnable, told)

  const record = recordOf(room.newRecordId(startedAt), ran, trigger, startedAt, outcome)
  const counts = room.writer.count(record, startedAt)
  const { failures, directPerMinute } = settings.recordings
  const keep = outcome.ok ? counts.samples++ < directPerMinute : failures
  if (!test && outcome.logs.length > 0) {
    room.writer.log(logRows(record, outcome, room.secretsOf(ran.accountId)))
  }
  room.logger.info(
    {
      accountId: ran.accountId,
      functionId: ran.functionId,
      requestId: trigger.invocationId,
      ms: outcome.durationMs,
      outcome: record.outcome,
    },
    'invoked',
  )
  return { outcome, record, keep, recordings: settings.recordings }
}

/** A full queue is the caller's to wait for; another call's death is not this call's fault. */
function isWorthRepeating(outcome: SandboxOutcome): boolean {
  return !outcome.ok && outcome.retryable && outcome.errorCode !== 'queue-full'
}

/** Who tests a function sees its log at once, but no more of it than would be kept. */
function shown(room: InvocationsRoom, { accountId }: Ran, logs: readonly LogEntry[]): LogEntry[] {
  const secrets = room.secretsOf(accountId)
  return logs.map((entry) => redactEntry(entry, secrets))
}

type Failed = Extract<SandboxOutcome, { ok: false }>

/** The author's lines in the stack, and no secret in what leaves the platform. */
function readable(
  room: InvocationsRoom,
  { accountId }: Ran,
  runnable: Runnable,
  outcome: Failed,
): Failed {
  const secrets = room.secretsOf(accountId)
  const { message, errorCode, stack } = outcome
  return {
    ...outcome,
    message: redactValue(message, secrets),
    ...(errorCode !== undefined && { errorCode: redactText(errorCode, secrets) }),
    ...(stack !== undefined && { stack: redactText(runnable.original(stack), secrets) }),
  }
}
