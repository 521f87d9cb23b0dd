import type { Ids, Logger, Monotonic } from '#base/kernel'
import type { Store } from '#base/store'
import { type LightHead, pack } from './bundle.ts'
import { type Counted, type Counters, type MinuteCounts, openCounters } from './counters.ts'
import type { InvocationHead } from './head.ts'
import { tellNewLogs } from './log-news.ts'
import { writeAll } from './write-all.ts'
import {
  addMinutes,
  type BundleRow,
  insertBundles,
  insertHeads,
  insertLogs,
  type LogRow,
} from './write-repository.ts'

const FLUSH_AFTER_MS = 200
/** Beyond this the database cannot keep up, and the oldest records are given up. */
const MAX_WAITING = 50_000
const MAX_BUNDLED_CHARACTERS = 10_000_000

/** A head whose details are filled in when it is written, off the path of the request. */
export type LateHead = InvocationHead | (() => InvocationHead)

/** Collects records, log rows and counts, and writes them a few times per second. */
export interface Writer extends AsyncDisposable {
  record(head: LateHead): void
  /** For direct successes of which only the head is kept. */
  recordLight(head: LightHead): void
  log(rows: readonly LogRow[]): void
  count(counted: Counted, at: number): MinuteCounts
  /** Resolves when everything that was given before is written. */
  flush(): Promise<void>
}

interface Batch {
  heads: LateHead[]
  light: LightHead[]
  /** Packed before, under the ids by which a second writing of them is recognised. */
  bundles: BundleRow[]
  logs: LogRow[]
}

export function openWriter(deps: {
  store: Store
  monotonic: Monotonic
  ids: Ids
  logger: Logger
}): Writer {
  const { store, monotonic, ids, logger } = deps
  const counters: Counters = openCounters()
  let batch: Batch = emptyBatch()
  let lost = 0
  let timer: Disposable | undefined
  let writing: Promise<void> = Promise.resolve()

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
    const { light, bundles: before, logs } = batch
    const minutes = counters.take()
    if (batch.heads.length + light.length + before.length + logs.length + minutes.length === 0) {
      return
    }
    const heads = batch.heads.flatMap(whole)
    const fresh = pack(light).map((bundle) => ({ ...bundle, bundleId: ids.uuid() }))
    const bundles = [...before, ...fresh]
    batch = emptyBatch()
    reportLoss()
    try {
      await writeAll(heads, (some) => insertHeads(store.db, some), refused)
      heads.length = 0
      await insertBundles(store.db, bundles)
      bundles.length = 0
      await writeAll(logs, (some) => insertLogs(store.db, some), refused)
      tellNewLogs(store, logs)
      logs.length = 0
      await addMinutes(store.db, minutes)
    } catch (error) {
      logger.error({ err: error }, 'Records could not be written yet')
      batch = {
        heads: [...heads, ...batch.heads],
        light: batch.light,
        bundles: [...bundles, ...batch.bundles],
        logs: [...logs, ...batch.logs],
      }
      counters.putBack(minutes)
      forgetOldest()
      arm()
    }
  }

  function whole(head: LateHead): InvocationHead[] {
    try {
      return [typeof head === 'function' ? head() : head]
    } catch (err) {
      logger.error({ err }, 'A record could not be put together')
      return []
    }
  }

  function refused(
    { accountId, functionId, recordId }: InvocationHead | LogRow,
    err: unknown,
  ): void {
    logger.error({ err, accountId, functionId, recordId }, 'A record cannot be stored')
  }

  function forgetOldest(): void {
    lost += batch.heads.splice(0, batch.heads.length - MAX_WAITING).length
    lost += batch.logs.splice(0, batch.logs.length - MAX_WAITING).length
    let characters = batch.bundles.reduce((sum, { heads }) => sum + heads.length, 0)
    while (characters > MAX_BUNDLED_CHARACTERS) {
      characters -= batch.bundles.shift()?.heads.length ?? characters
      lost++
    }
  }

  function reportLoss(): void {
    if (lost > 0) logger.warn({ lost }, 'Records were given up: the database could not keep up')
    lost = 0
  }

  return {
    record(head) {
      if (batch.heads.length >= MAX_WAITING) lost++
      else batch.heads.push(head)
      arm()
    },
    recordLight(head) {
      if (batch.light.length >= MAX_WAITING) lost++
      else batch.light.push(head)
      arm()
    },
    log(rows) {
      if (rows.length === 0) return
      if (batch.logs.length >= MAX_WAITING) lost += rows.length
      else batch.logs.push(...rows)
      arm()
    },
    count(counted, at) {
      arm()
      return counters.add(counted, at)
    },
    flush,
    async [Symbol.asyncDispose]() {
      await flush()
      timer?.[Symbol.dispose]()
    },
  }
}

function emptyBatch(): Batch {
  return { heads: [], light: [], bundles: [], logs: [] }
}
