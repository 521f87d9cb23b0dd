import type {
  Difference,
  Permission,
  Replay,
  ReplayRequest,
  WholeInvocation,
} from '@parley/contract'
import type { TracePart } from '@parley/toolbelt/protocol'
import { ParleyError } from '#base/kernel'
import { joinParts, type Recording } from '#faas/recordings'
import type { Rerun } from '#faas/invocations'
import { atMost, callDifferences, differencesOf, listDifferences } from './differences.ts'
import type { ReplayDeps } from './deps.ts'
import { findLog } from './repository.ts'
import { findTarget } from './target.ts'

const DAY_MS = 86_400_000

/**
 * Runs an invocation again from its recording and compares. Inert: no command is applied, nothing is counted or noted as a use.
 * @throws `not_found`; `conflict` when too little is recorded; `forbidden` when calls are let out by who may not invoke
 */
export async function replayInvocation(
  deps: ReplayDeps,
  accountId: string,
  recordId: string,
  { against, calls: mode }: ReplayRequest,
  permissions: ReadonlySet<Permission>,
): Promise<Replay> {
  if (mode === 'allowed' && !permissions.has('function:invoke')) {
    throw new ParleyError('forbidden', 'The caller lacks the permission "function:invoke"')
  }
  const record = await deps.records.get(accountId, recordId)
  const { recording, draws } = await getPlayable(deps, accountId, record)
  const { version, runnable } = await findTarget(deps, accountId, record, against)
  try {
    const { calls, hostCalls, turns, reads, startedAt = Date.parse(record.startedAt) } = recording
    const again = await deps.invocations.rerun(accountId, {
      record,
      version,
      runnable: { ...runnable, replays: mode },
      seed: Buffer.from(recording.seed ?? '', 'hex'),
      bodyBytes: recording.bodyBytes ?? 0,
      body: { startedAt, mode, turns, reads, calls, hostCalls, draws } as Rerun['body'],
    })
    const stated = joinParts(again.parts) ?? {}
    const log = await logOf(deps, accountId, record)
    const differences = atMost([
      ...differencesOf('outcome', outcomeOf(record), outcomeOf(again.record)),
      ...resultDifferences(record, again.record.result ?? null),
      ...(log ? listDifferences('logs', log, again.logs) : []),
      ...callDifferences(statedCalls(recording), statedCalls(stated)),
    ])
    const { outcome, errorCode, errorMessage, stack, durationMs, result } = again.record
    return {
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
      result,
      logs: again.logs,
      isSame: differences.length === 0,
      differences,
      notes: notesOf(record, recording, log),
    }
  } finally {
    deps.sandbox.retire(runnable.deploymentId)
  }
}

async function getPlayable(deps: ReplayDeps, accountId: string, record: WholeInvocation) {
  const refuse = (reason: string) => {
    throw new ParleyError(
      'conflict',
      `Invocation "${record.recordId}" cannot be replayed: ${reason}`,
    )
  }
  if (record.outcome === 'NOT_RUN') return refuse('it did not run')
  const found = await deps.recordings.find(accountId, record)
  if (!found || record.input === null)
    return refuse('the account does not keep what a replay needs')
  const { kept, reason = '' } = found.recording
  if (kept !== 'whole') return refuse(reason)
  const { truncated, unreadable } = record.input as { truncated?: boolean; unreadable?: boolean }
  if (truncated || unreadable) {
    return refuse('its input is longer than the account keeps (setting recordings.maxBytes)')
  }
  return found
}

/** `undefined` when the account keeps logs for a shorter time than records. */
async function logOf(
  { store, records, settings, clock }: ReplayDeps,
  accountId: string,
  { recordId, startedAt }: WholeInvocation,
) {
  const { retention } = await settings.get(accountId)
  const began = new Date(startedAt)
  if (clock.now() - began.getTime() > retention.logDays * DAY_MS) return undefined
  await records.writer.flush()
  return findLog(store.db, accountId, recordId, began)
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
    ...calls.map(({ method, url, key, request }) => {
      return { what: `${method} ${url}`, key, request: request?.text ?? request?.hash }
    }),
    ...hostCalls.map(({ kind, key, args }) => ({ what: kind, key, request: args })),
  ]
}

function notesOf(record: WholeInvocation, { over }: Recording, log: unknown): string[] {
  const isMasked = JSON.stringify(record.input).includes('[secret]')
  return [
    ...(isMasked ? ['Values of the input that were masked are [secret] in the replay'] : []),
    ...over.map((what) => `Too much to be kept whole: ${what}`),
    ...(log === undefined ? ['The log of the run is no longer kept: it is not compared'] : []),
    ...(record.coldStart
      ? []
      : ['The run was not the first of its instance: what it kept in variables is not recorded']),
  ]
}
