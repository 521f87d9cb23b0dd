import { PassingMap } from '#base/kernel'
import { type CompactRecord, packedText, type RecordBatch } from './record-batch.ts'
import { openRooms, type Rooms } from './rooms.ts'

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
  /** Of that only the batches that are full. */
  takeFull(): RecordBatch[]
}

interface OpenBatch {
  accountId: string
  functionId: string
  firstAt: number
  lastAt: number
  records: number
  room: Buffer
  used: number
}

export function packedRecords(): PackedRecords {
  const rooms = openRooms()
  let full: RecordBatch[] = []
  let open = new PassingMap<string, OpenBatch>()
  /** Of the open batches. */
  let openSize = 0

  function close(batch: OpenBatch): RecordBatch {
    const { accountId, functionId, firstAt, lastAt, room, used } = batch
    const heads = `${room.toString('utf8', 0, used)}]`
    rooms.giveBack(room)
    return { accountId, functionId, firstAt: new Date(firstAt), lastAt: new Date(lastAt), heads }
  }

  function takeFull(): RecordBatch[] {
    const taken = full
    full = []
    return taken
  }

  return {
    get size() {
      return full.length * MAX_RECORDS + openSize
    },
    add(record) {
      let batch = open.get(record.functionId)
      if (!batch) {
        batch = emptyBatch(record, rooms)
        open.set(record.functionId, batch)
      }
      append(batch, record, rooms)
      openSize++
      if (batch.records < MAX_RECORDS) return
      full.push(close(batch))
      open.delete(record.functionId)
      openSize -= MAX_RECORDS
    },
    take() {
      const taken = [...takeFull(), ...open.values().map(close)]
      open = new PassingMap()
      openSize = 0
      return taken
    },
    takeFull,
  }
}

function emptyBatch({ accountId, functionId }: CompactRecord, rooms: Rooms): OpenBatch {
  return {
    accountId,
    functionId,
    firstAt: Infinity,
    lastAt: -Infinity,
    records: 0,
    room: rooms.take(FIRST_BYTES),
    used: 0,
  }
}

function append(batch: OpenBatch, record: CompactRecord, rooms: Rooms): void {
  const text = `${batch.records === 0 ? '[' : ','}${packedText(record)}`
  const needed = batch.used + text.length * MAX_BYTES_OF_UNIT
  if (needed > batch.room.length) {
    const larger = rooms.take(needed)
    batch.room.copy(larger, 0, 0, batch.used)
    rooms.giveBack(batch.room)
    batch.room = larger
  }
  batch.used += batch.room.write(text, batch.used)
  batch.records++
  const startedAt = record.startedAt.getTime()
  batch.firstAt = Math.min(batch.firstAt, startedAt)
  batch.lastAt = Math.max(batch.lastAt, startedAt)
}
