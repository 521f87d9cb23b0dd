import type { RecordingView } from '@parley/contract'
import type { ReplayBody } from '@parley/toolbelt/protocol'
import { readJson } from '#base/input'
import { ParleyError } from '#base/kernel'
import type { RecordingsDeps } from './deps.ts'
import type { RecordingQueue } from './queue.ts'
import { Recording } from './recording.ts'
import { findRecording, findRowTrace } from './repository.ts'
import { readRowTrace } from './row-trace.ts'

type Draws = NonNullable<ReplayBody['draws']>

export type ReadDeps = RecordingsDeps & { queue: RecordingQueue }

/** What is kept of a run for a replay of it, or `undefined`. */
export async function findWhole(
  { store, credentials, queue }: ReadDeps,
  accountId: string,
  { recordId, startedAt }: { recordId: string; startedAt: string },
): Promise<{ recording: Recording; draws: Draws } | undefined> {
  const began = new Date(startedAt)
  const { trace = null, draws = null } =
    (await findRowTrace(store.db, accountId, recordId, began)) ?? {}
  if (trace !== null) return { recording: readRowTrace(trace), draws: open(draws) }
  await queue.flush()
  const row = await findRecording(store.db, accountId, recordId, began)
  return row && { recording: Recording.parse(row.recording), draws: open(row.draws) }

  function open(sealed: string | null): Draws {
    if (sealed === null) return []
    const text = credentials.secrets.open(accountId, `draws ${recordId}`, sealed)
    return readJson(text, 'draws') as Draws
  }
}

/** What a function has stated of a run. Random bytes are counted only: they may be keys. */
export async function getRecording(
  deps: ReadDeps,
  accountId: string,
  recordId: string,
): Promise<RecordingView> {
  const record = await deps.records.get(accountId, recordId)
  const found = await findWhole(deps, accountId, record)
  if (!found) {
    throw new ParleyError('not_found', `Nothing is recorded of invocation "${recordId}"`)
  }
  const { recording, draws } = found
  const { kept, reason, seed, secrets, environment, turns, calls, hostCalls, over } = recording
  return {
    recordId,
    version: record.version,
    kept,
    ...(reason !== undefined && { reason }),
    statedBy: 'function',
    startedAt: record.startedAt,
    ...(seed !== undefined && { seed }),
    secrets,
    environment,
    calls,
    platformCalls: hostCalls,
    turns: turns.length,
    drawnBytes: draws.reduce((sum, [, bytes]) => sum + Buffer.byteLength(bytes, 'base64'), 0),
    over,
  }
}
