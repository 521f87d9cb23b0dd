import type { Difference, Replay, ReplayRequest, WholeInvocation } from '@parley/contract'
import { SERVICE_LOOK_UP, type TracePart } from '@parley/toolbelt/protocol'
import { functionsDisabled } from '#identity/settings'
import { joinParts, type Recording } from '#faas/recordings'
import type { Rerun } from '#faas/invocations'
import type { InvocationRecord } from '#faas/records'
import { atMost, callDifferences, differencesOf, listDifferences } from './differences.ts'
import type { ReplayDeps } from './deps.ts'
import { NotReplayable } from './not-replayable.ts'
import { findLog } from './repository.ts'
import type { ReplayedVersion } from './target.ts'

const DAY_MS = 86_400_000

/** Of what a replay runs, and what becomes of outgoing calls. */
export interface ReplayWith {
  targetOf(record: WholeInvocation): Promise<ReplayedVersion>
  calls: ReplayRequest['calls']
  /** Whose instance runs it, and no calls. */
  deploymentOf(version: number): string
  /** What is returned is read as that of a run for an event. Default: where that of the run was. */
  isRead?: boolean | undefined
  /** Nobody waits for it. */
  isPatient?: boolean
}

export interface Replayed {
  replay: Replay
  /** As a run of its own would leave it behind, with the id and the time of the one that was repeated. */
  record: InvocationRecord
  /** What the function has returned, where it is read: neither masked nor cut off. */
  value: unknown
  /** No other one has run in its instance. */
  isFirst: boolean
  /** The next one may run there: it finds nothing of this one. */
  isClean: boolean
}

/**
 * Runs an invocation again from its recording and compares.
 * @throws `not_found`; `NotReplayable` when too little is recorded; `sandbox_unavailable`; what `targetOf` throws; `functions_disabled` when
 *   its calls are let out
 */
export async function replayRun(
  deps: ReplayDeps,
  accountId: string,
  recordId: string,
  { targetOf, calls: mode, deploymentOf, isRead, isPatient = false }: ReplayWith,
): Promise<Replayed> {
  if (mode === 'allowed') await requireEnabled(deps, accountId)
  const record = await deps.records.get(accountId, recordId)
  const { recording, draws } = await getPlayable(deps, accountId, record)
  const { version, runnable } = await targetOf(record)
  const deploymentId = deploymentOf(version)
  const { calls, hostCalls, turns, reads, startedAt = Date.parse(record.startedAt) } = recording
  const again = await deps.invocations.rerun(accountId, {
    record,
    version,
    runnable: { ...runnable, deploymentId, replays: mode, isPatient },
    seed: Buffer.from(recording.seed ?? '', 'hex'),
    bodyBytes: recording.bodyBytes,
    isRead,
    body: { startedAt, mode, turns, reads, calls, hostCalls, draws } as Rerun['body'],
  })
  const stated = joinParts(again.parts) ?? {}
  // As the recording was masked when it was kept: what the run states holds secrets as they are.
  const mask = deps.functionConfig.secrets.maskOf(accountId)
  const log = await logOf(deps, accountId, record)
  const differences = atMost([
    ...differencesOf('outcome', outcomeOf(record), outcomeOf(again.record)),
    ...resultDifferences(record, again.result),
    ...(log ? listDifferences('logs', log, again.logs) : []),
    ...callDifferences(mask.value(statedCalls(recording)), mask.value(statedCalls(stated))),
  ])
  const { outcome, errorCode, errorMessage, stack, durationMs } = again.record
  const replay = {
    replayOf: recordId,
    functionId: record.functionId,
    recordedVersion: record.version,
    version,
    startedAt: record.startedAt,
    outcome,
    ...(errorCode !== null && { errorCode }),
    ...(errorMessage !== null && { errorMessage }),
    ...(stack !== null && { stack }),
    durationMs,
    result: again.result,
    logs: again.logs,
    isSame: differences.length === 0,
    differences,
    notes: [...notesOf(record, recording, log), ...(await goneSecrets(deps, accountId, recording))],
  }
  const { record: ran, value } = again
  return { replay, record: ran, value, isFirst: ran.coldStart, isClean: stated.isClean === true }
}

/** Of a replay that lets calls out something may come, as of any run. */
async function requireEnabled({ settings }: ReplayDeps, accountId: string): Promise<void> {
  const { functionsEnabled } = await settings.get(accountId)
  if (functionsEnabled) return
  throw functionsDisabled(accountId)
}

async function getPlayable(deps: ReplayDeps, accountId: string, record: WholeInvocation) {
  const { recordId } = record
  if (record.outcome === 'NOT_RUN') throw new NotReplayable(recordId, 'notRun')
  const found = await deps.recordings.find(accountId, record)
  if (!found || record.input === null) throw new NotReplayable(recordId, 'notRecorded')
  const { kept, reason } = found.recording
  if (kept !== 'whole') throw new NotReplayable(recordId, 'recordedInPart', reason)
  const { truncated, unreadable } = record.input as { truncated?: boolean; unreadable?: boolean }
  if (truncated || unreadable) throw new NotReplayable(recordId, 'inputTooLong')
  return found
}

async function goneSecrets(
  { functionConfig }: ReplayDeps,
  accountId: string,
  { secrets }: Recording,
): Promise<string[]> {
  const gone = await functionConfig.secrets.missing(accountId, secrets)
  return gone.map((name) => `The secret "${name}" is gone: the replay does not find it`)
}

/** `undefined` when it is not known: the account keeps logs for a shorter time than records, and tests store theirs only when they are told to. */
async function logOf(
  { store, records, settings, clock }: ReplayDeps,
  accountId: string,
  { recordId, startedAt, source }: WholeInvocation,
) {
  const { retention } = await settings.get(accountId)
  const began = new Date(startedAt)
  if (clock.now() - began.getTime() > retention.logDays * DAY_MS) return undefined
  await records.writer.flush()
  const log = await findLog(store.db, accountId, recordId, began)
  return source === 'test' && log.length === 0 ? undefined : log
}

type Ended = Partial<Record<'outcome' | 'errorCode' | 'errorMessage', unknown>>

function outcomeOf({ outcome, errorCode, errorMessage }: Ended): Ended {
  return { outcome, errorCode: errorCode ?? null, errorMessage: errorMessage ?? null }
}

/** Results of runs for events are lists of commands. */
function resultDifferences(record: WholeInvocation, replayed: unknown): Difference[] {
  const { commands, result } = record
  return differencesOf(commands === undefined ? 'result' : 'commands', result ?? null, replayed)
}

function statedCalls({ calls = [], hostCalls = [] }: Partial<Recording> | TracePart) {
  return [
    ...calls.map(({ method, url, key, request, failed, status }) => {
      const isUnsent = failed !== undefined && status === undefined && request === undefined
      return { what: `${method} ${url}`, key, request: request?.text ?? request?.hash, isUnsent }
    }),
    ...hostCalls
      .filter(({ kind }) => kind !== SERVICE_LOOK_UP)
      .map(({ kind, key, args }) => ({ what: kind, key, request: args })),
  ]
}

function notesOf(record: WholeInvocation, { over }: Recording, log: unknown): string[] {
  const isMasked = JSON.stringify(record.input).includes('[secret]')
  return [
    ...(isMasked ? ['Values of the input that were masked are [secret] in the replay'] : []),
    ...over.map((what) => `Too much to be kept whole: ${what}`),
    ...(log === undefined ? ['The log of the run is not kept: it is not compared'] : []),
    ...(record.coldStart
      ? []
      : ['The run was not the first of its instance: what it kept in variables is not recorded']),
  ]
}
