import { tellRuns } from '#base/changes'
import type { Base } from '#base/store'
import { packedRecords } from './packed-records.ts'
import type { CompactRecord, RecordBatch } from './record-batch.ts'
import { type Counted, type Counters, type MinuteCounts, openCounters } from './counters.ts'
import type { InvocationRecord } from './invocation-record.ts'
import { notifyNewLogs } from './log-notifications.ts'
import { writeAll } from './write-all.ts'
import {
  addMinutes,
  type BatchRow,
  insertBatches,
  insertRecords,
  insertLogs,
  type LogRow,
} from './write-repository.ts'

const FLUSH_AFTER_MS = 200
/**
 * Counts and packed records are a row for each function, whether it ran once or a hundred times: those of many functions are written
 * once a second.
 */
const MANY_FUNCTIONS = 16
const MANY_AGAIN_MS = 1_000
/** The oldest records are dropped beyond this: the database cannot keep up. */
const MAX_WAITING = 50_000
const MAX_BATCHED_CHARACTERS = 10_000_000
/** Of inputs and results that wait: beyond it, runs keep metadata only. */
const MAX_KEPT_BYTES = 16_777_216
const MAX_KEPT = 5_000

/** A record whose details are filled in when it is written, off the path of the request. */
export type PendingRecord = InvocationRecord | (() => InvocationRecord)

/** Collects records, log rows and counts, and writes them a few times per second. */
export interface Writer extends AsyncDisposable {
  record(record: PendingRecord, keptBytes?: number): void
  /** Whether a record that keeps so much may still be given, or what waits is too much already. */
  takes(keptBytes: number): boolean
  /** For direct successes whose details are not kept. */
  recordCompact(record: CompactRecord): void
  log(rows: readonly LogRow[]): void
  count(counted: Counted, at: number, hasRun: boolean): MinuteCounts
  /** Direct successes of the function in this minute whose details are kept. */
  samples(functionId: string, at: number): number
  /** Resolves when everything given before is written. */
  flush(): Promise<void>
}

interface Waiting {
  records: PendingRecord[]
  /** Packed by an earlier, failed write. Their ids let the database recognise a second write. */
  batches: BatchRow[]
  logs: LogRow[]
  /** Records that keep inputs and results, and how much. */
  kept: number
  keptBytes: number
}

export function openWriter({
  store,
  monotonic,
  ids,
  logger,
}: Pick<Base, 'store' | 'monotonic' | 'ids' | 'logger'>): Writer {
  const counters: Counters = openCounters()
  const compact = packedRecords()
  let waiting: Waiting = nothingWaiting()
  let lost = 0
  let timer: Disposable | undefined
  let writing: Promise<void> = Promise.resolve()
  /** From when on rows by function are written again. */
  let byFunctionFrom = 0

  function arm(): void {
    timer ??= monotonic.after(FLUSH_AFTER_MS, () => void flush(false))
  }

  function flush(isAll: boolean): Promise<void> {
    timer?.[Symbol.dispose]()
    timer = undefined
    writing = writing.then(() => write(isAll))
    return writing
  }

  /** What has a row for each function. */
  function takeByFunction(isAll: boolean): { minutes: MinuteCounts[]; packed: RecordBatch[] } {
    const now = monotonic.now()
    if (!isAll && now < byFunctionFrom) {
      arm()
      return { minutes: [], packed: compact.takeFull() }
    }
    const taken = { minutes: counters.take(), packed: compact.take() }
    if (taken.minutes.length > MANY_FUNCTIONS) byFunctionFrom = now + MANY_AGAIN_MS
    return taken
  }

  async function write(isAll: boolean): Promise<void> {
    if (store.isFull()) {
      forgetOldest()
      return arm()
    }
    const { batches: before, logs } = waiting
    const { minutes, packed } = takeByFunction(isAll)
    const fresh = packed.map((batch) => ({ ...batch, bundleId: ids.uuid() }))
    const batches = [...before, ...fresh]
    if (waiting.records.length + batches.length + logs.length + minutes.length === 0) return
    const records = waiting.records.flatMap(whole)
    waiting = nothingWaiting()
    reportLoss()
    try {
      await writeAll(records, (some) => insertRecords(store.db, some), refused)
      tellRuns(store, records)
      records.length = 0
      await writeAll(batches, (some) => insertBatches(store.db, some), refused)
      tellRuns(store, batches)
      batches.length = 0
      await writeAll(logs, (some) => insertLogs(store.db, some), refused)
      notifyNewLogs(store, logs)
      logs.length = 0
      await addMinutes(store.db, minutes)
    } catch (error) {
      logger.error({ err: error }, 'Records could not be written yet')
      waiting = {
        records: [...records, ...waiting.records],
        batches: [...batches, ...waiting.batches],
        logs: [...logs, ...waiting.logs],
        kept: waiting.kept + records.filter((one) => keptBytesOf(one) > 0).length,
        keptBytes: waiting.keptBytes + records.reduce((sum, one) => sum + keptBytesOf(one), 0),
      }
      counters.putBack(minutes)
      forgetOldest()
      arm()
    }
  }

  function whole(record: PendingRecord): InvocationRecord[] {
    try {
      return [typeof record === 'function' ? record() : record]
    } catch (err) {
      logger.error({ err }, 'A record could not be put together')
      return []
    }
  }

  function refused(row: InvocationRecord | BatchRow | LogRow, err: unknown): void {
    const { accountId, functionId } = row
    const recordId = 'recordId' in row ? row.recordId : undefined
    logger.error({ err, accountId, functionId, recordId }, 'A record cannot be stored')
  }

  function forgetOldest(): void {
    lost += waiting.records.splice(0, waiting.records.length - MAX_WAITING).length
    lost += waiting.logs.splice(0, waiting.logs.length - MAX_WAITING).length
    let characters = waiting.batches.reduce((sum, { heads }) => sum + heads.length, 0)
    while (characters > MAX_BATCHED_CHARACTERS) {
      characters -= waiting.batches.shift()?.heads.length ?? characters
      lost++
    }
  }

  function reportLoss(): void {
    if (lost > 0) logger.warn({ lost }, 'Records were given up: the database could not keep up')
    lost = 0
  }

  return {
    record(record, keptBytes) {
      if (waiting.records.length >= MAX_WAITING) lost++
      else waiting.records.push(record)
      if (keptBytes !== undefined) {
        waiting.kept++
        waiting.keptBytes += keptBytes
      }
      arm()
    },
    takes: (keptBytes) =>
      waiting.kept < MAX_KEPT && waiting.keptBytes + keptBytes <= MAX_KEPT_BYTES,
    recordCompact(record) {
      if (compact.size >= MAX_WAITING) lost++
      else compact.add(record)
      arm()
    },
    log(rows) {
      if (rows.length === 0) return
      if (waiting.logs.length >= MAX_WAITING) lost += rows.length
      else waiting.logs.push(...rows)
      arm()
    },
    count(counted, at, hasRun) {
      arm()
      return counters.add(counted, at, hasRun)
    },
    samples: counters.samples,
    flush: () => flush(true),
    async [Symbol.asyncDispose]() {
      await flush(true)
      timer?.[Symbol.dispose]()
    },
  }
}

function nothingWaiting(): Waiting {
  return { records: [], batches: [], logs: [], kept: 0, keptBytes: 0 }
}

function keptBytesOf({ inputJson, resultJson }: InvocationRecord): number {
  return (inputJson?.length ?? 0) + (resultJson?.length ?? 0)
}
