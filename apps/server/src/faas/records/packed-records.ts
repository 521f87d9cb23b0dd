import { PassingMap } from '#base/kernel'
import { type CompactRecord, packedText, type RecordBatch } from './record-batch.ts'

/** Short enough that reading one page of records unpacks little. */
const MAX_RECORDS = 500
const FIRST_BYTES = 1024
/** Bytes of a UTF-16 code unit in UTF-8. */
const MAX_BYTES_OF_UNIT = 3

/**
 * Records that wait for the next write, as JSON outside of the heap: as objects, every collection until then would copy them.
 * One row per function and some hundred records: a row per record would cost the database more than the invocation.
 */
export interface PackedRecords {
  readonly size: number
  add(record: CompactRecord): void
  /** Everything added since the last time, by function. */
  take(): RecordBatch[]
}

interface OpenBatch {
  accountId: string
  functionId: string
  firstAt: number
  lastAt: number
  records: number
  buffer: Buffer
  used: number
}

export function packedRecords(): PackedRecords {
  let full: RecordBatch[] = []
  let open = new PassingMap<string, OpenBatch>()
  let size = 0

  return {
    get size() {
      return size
    },
    add(record) {
      let batch = open.get(record.functionId)
      if (!batch) {
        batch = emptyBatch(record)
        open.set(record.functionId, batch)
      }
      append(batch, record)
      size++
      if (batch.records < MAX_RECORDS) return
      full.push(closed(batch))
      open.delete(record.functionId)
    },
    take() {
      const taken = [...full, ...[...open.values()].map(closed)]
      full = []
      open = new PassingMap()
      size = 0
      return taken
    },
  }
}

function emptyBatch({ accountId, functionId }: CompactRecord): OpenBatch {
  return {
    accountId,
    functionId,
    firstAt: Infinity,
    lastAt: -Infinity,
    records: 0,
    buffer: Buffer.allocUnsafeSlow(FIRST_BYTES),
    used: 0,
  }
}

function append(batch: OpenBatch, record: CompactRecord): void {
  const text = `${batch.records === 0 ? '[' : ','}${packedText(record)}`
  const needed = batch.used + text.length * MAX_BYTES_OF_UNIT
  if (needed > batch.buffer.length) {
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, 2 * batch.buffer.length))
    batch.buffer.copy(grown, 0, 0, batch.used)
    batch.buffer = grown
  }
  batch.used += batch.buffer.write(text, batch.used)
  batch.records++
  const startedAt = record.startedAt.getTime()
  batch.firstAt = Math.min(batch.firstAt, startedAt)
  batch.lastAt = Math.max(batch.lastAt, startedAt)
}

function closed({ accountId, functionId, firstAt, lastAt, buffer, used }: OpenBatch): RecordBatch {
  return {
    accountId,
    functionId,
    firstAt: new Date(firstAt),
    lastAt: new Date(lastAt),
    heads: `${buffer.toString('utf8', 0, used)}]`,
  }
}
