import { writeAll } from '#faas/records'
import type { Base } from '#base/store'
import type { RecordingsDeps } from './deps.ts'
import { insertRecordings, type RecordingRow } from './repository.ts'
import { maskStatement, onlyThatItRan, type Statement, TOO_MUCH } from './statement.ts'

const FLUSH_AFTER_MS = 200
/** Of all recordings that are not written yet on this node, also because the database does not take them. */
const MAX_WAITING_BYTES = 16_777_216
const MAX_WAITING = 5_000
/** Processor time for recordings at once; the rest waits for the next turn of the event loop. */
const SLICE_MS = 8
/** Rows that wait because the database does not take them: the oldest are given up. */
const MAX_ROWS = 20_000
const ROWS_AT_ONCE = 200

/** What is known of a run that is to be recorded whole, where that is long. */
export interface NewRecording extends Statement {
  accountId: string
  startedAt: Date
  recordId: string
  functionId: string
  conversationId: string | null
}

/** Writes recordings off the path of calls: beyond its budget only that there was a run is kept. */
export interface RecordingQueue extends AsyncDisposable {
  /** False when the budget was used up, and only a mark is written. */
  add(recording: NewRecording): boolean
  flush(): Promise<void>
}

interface WaitingRow {
  row: RecordingRow
  /** What it takes of the budget: a mark takes nothing. */
  bytes: number
}

export function openQueue(deps: RecordingsDeps): RecordingQueue {
  const { store, monotonic, logger } = deps
  let waiting: NewRecording[] = []
  let bytes = 0
  let rows: WaitingRow[] = []
  let timer: Disposable | undefined
  let writing: Promise<void> = Promise.resolve()
  let lost = 0

  function arm(): void {
    timer ??= monotonic.after(FLUSH_AFTER_MS, () => void flush())
  }

  function flush(): Promise<void> {
    timer?.[Symbol.dispose]()
    timer = undefined
    writing = writing.then(write)
    return writing
  }

  async function write(): Promise<void> {
    const taken = waiting
    waiting = []
    let began = monotonic.now()
    for (const recording of taken) {
      rows.push({ row: rowOf(deps, recording), bytes: sizeOf(recording) })
      if (monotonic.now() - began < SLICE_MS) continue
      await turn(deps)
      began = monotonic.now()
    }
    try {
      while (rows.length > 0) {
        const some = rows.slice(0, ROWS_AT_ONCE)
        const insert = (few: readonly WaitingRow[]) => {
          const written = few.map(({ row }) => row)
          return store.transaction((tx) => insertRecordings(tx, written))
        }
        await writeAll(some, insert, ({ row }, err) => refused(row, err))
        release(rows.splice(0, some.length))
      }
    } catch (err) {
      logger.error({ err }, 'Recordings could not be written yet')
      const givenUp = rows.splice(0, rows.length - MAX_ROWS)
      release(givenUp)
      lost += givenUp.length
      arm()
    }
    if (lost > 0) logger.warn({ lost }, 'Recordings were given up: the database could not keep up')
    lost = 0
  }

  function release(gone: readonly WaitingRow[]): void {
    for (const row of gone) bytes -= row.bytes
  }

  function refused({ accountId, functionId, recordId }: RecordingRow, err: unknown): void {
    logger.error({ err, accountId, functionId, recordId }, 'A recording cannot be stored')
  }

  return {
    add(recording) {
      arm()
      const size = sizeOf(recording)
      if (bytes + size <= MAX_WAITING_BYTES && waiting.length < MAX_WAITING) {
        waiting.push(recording)
        bytes += size
        return true
      }
      if (rows.length < MAX_ROWS) rows.push({ row: markOf(deps, recording), bytes: 0 })
      else lost += 1
      return false
    },
    flush,
    async [Symbol.asyncDispose]() {
      await flush()
      timer?.[Symbol.dispose]()
    },
  }
}

function turn({ monotonic }: Pick<Base, 'monotonic'>): Promise<void> {
  return new Promise((resolve) => monotonic.afterTurn(resolve))
}

function sizeOf({ trace }: NewRecording): number {
  return trace.parts.reduce((sum, part) => sum + part.length, 1_000)
}

function rowOf(deps: RecordingsDeps, recording: NewRecording): RecordingRow {
  return { ...headOf(recording), ...maskStatement(deps, recording, recording) }
}

function markOf({ maskOf }: RecordingsDeps, recording: NewRecording): RecordingRow {
  return { ...headOf(recording), ...onlyThatItRan(maskOf(recording.accountId), TOO_MUCH) }
}

function headOf({ accountId, startedAt, recordId, functionId, conversationId }: NewRecording) {
  return { accountId, startedAt, recordId, functionId, conversationId }
}
