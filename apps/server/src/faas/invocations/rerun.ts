import type { WholeInvocation } from '@parley/contract'
import type { ReplayBody } from '@parley/toolbelt/protocol'
import { ParleyError } from '#base/kernel'
import { requireActive } from '#base/store'
import { type InvocationRecord, readKept } from '#faas/records'
import type { FunctionVersion } from '#faas/sandbox'
import type { InvocationsDeps } from './deps.ts'
import { recordOf } from './record-of.ts'
import { logRows } from './log-rows.ts'
import { readOutcome } from './read-result.ts'
import { recordedDetails } from './recorded-details.ts'
import { placedEntries } from './run.ts'

/** A run that is to be repeated from its recording. */
export interface Rerun {
  record: WholeInvocation
  version: number
  /** Its instances run replays only. */
  runnable: FunctionVersion
  seed: Uint8Array
  /** How much of each body was kept, where the recording says so: as much of this run is compared. */
  bodyBytes: number | undefined
  /** The result is read. Default: where the server has read that of the run. */
  isRead: boolean | undefined
  body: Omit<ReplayBody, 'timeLimitMs'>
}

/** What a repeated run has left behind: nothing of it is stored or counted. */
export interface Reran {
  record: InvocationRecord
  /** As records keep it. */
  result: unknown
  /** As the function has returned it, where it is read. */
  value: unknown
  logs: { level: string; message: string; extras: unknown[] }[]
  /** What its process states. */
  parts: Buffer[]
}

/**
 * Runs a function as it ran before, in an instance that serves nothing else.
 * @throws `sandbox_unavailable` when the machine is too busy, or the node stops: `cause` is the sandbox's code
 */
export async function rerun(
  deps: InvocationsDeps,
  accountId: string,
  { record: before, version, runnable, seed, bodyBytes: keptBytes, isRead, body: replay }: Rerun,
): Promise<Reran> {
  requireActive(deps.store, accountId)
  const settings = await deps.settings.get(accountId)
  const { executionTimeMs, logEntries, logCharacters } = settings.limits
  const bodyBytes = keptBytes ?? settings.recordings.maxBytes
  const body = Buffer.from(JSON.stringify(before.input))
  const { invocationId, eventId, skillId, conversationId, source, attempt, functionId } = before
  const outcome = await deps.sandbox.invoke({
    version: runnable,
    invocationId,
    body,
    timeLimitMs: executionTimeMs,
    limits: { logEntries, logCharacters },
    replay: { body: { ...replay, timeLimitMs: executionTimeMs }, seed, bodyBytes },
  })
  if (!outcome.ok && outcome.failure === 'unavailable') {
    throw new ParleyError(
      'sandbox_unavailable',
      'No instance was free for the replay: try it again',
      { cause: outcome.errorCode },
    )
  }
  const startedAt = Date.parse(before.startedAt)
  const ran = { accountId, functionId, version, deploymentId: null }
  const read = (isRead ?? wasRead(before)) ? readOutcome(outcome) : { outcome, value: undefined }
  const told = placedEntries(deps, ran, runnable, read.outcome, {
    invocationId,
    attempt,
    startedAt,
  })
  const mask = deps.maskOf(accountId)
  const trigger = { invocationId, eventId, skillId, conversationId, source, attempt }
  const head = recordOf(mask, before.recordId, ran, trigger, startedAt, told.outcome)
  const recordings = { ...settings.recordings, maxBytes: bodyBytes }
  const done = { ...told, record: head, kept: 'whole' as const, recordings }
  const record = { ...head, ...recordedDetails(deps, done, body) }
  const logs = logRows(record, told.entries, mask)
  const shown = logs.map(({ level, message, extras }) => ({
    level,
    message: String(message),
    extras: extras as unknown as unknown[],
  }))
  const result = record.resultJson ? readKept(record.resultJson) : null
  const { value } = read
  return { record, result, value, logs: shown, parts: outcome.trace?.parts ?? [] }
}

/** An event without commands may have been raised by HTTP: who raises it so is given the bytes of the result. */
function wasRead({ commands, eventId, outcome }: WholeInvocation): boolean {
  return commands !== undefined || (eventId !== undefined && outcome !== 'SUCCEEDED')
}
