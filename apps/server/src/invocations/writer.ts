import type { Ids, Logger, Monotonic } from '#kernel'
import type { Store } from '#store'
import { type LightHead, pack } from './bundle.ts'
import { type Counted, type Counters, type MinuteCounts, openCounters } from './counters.ts'
import type { InvocationHead } from './head.ts'
import {
  addMinutes,
  insertBundles,
  insertHeads,
  insertLogs,
  type LogRow,
} from './write-repository.ts'

const FLUSH_AFTER_MS = 200
/** Beyond this the database cannot keep up, and the oldest records are given up. */
const MAX_WAITING = 50_000

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
  let batch: Batch = { heads: [], light: [], logs: [] }
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
    const { heads, light, logs } = batch
    const minutes = counters.take()
    if (heads.length + light.length + logs.length + minutes.length === 0) return
    batch = { heads: [], light: [], logs: [] }
    reportLoss()
    try {
      await insertHeads(
        store.db,
        heads.map((head) => (typeof head === 'function' ? head() : head)),
      )
      heads.length = 0
      const bundles = pack(light).map((bundle) => ({ ...bundle, bundleId: ids.uuid() }))
      await insertBundles(store.db, bundles)
      light.length = 0
      await insertLogs(store.db, logs)
      for (const accountId of new Set(logs.map((row) => row.accountId))) {
        store.notify('logs', accountId)
      }
      logs.length = 0
      await addMinutes(store.db, minutes)
    } catch (error) {
      logger.error({ err: error }, 'Records could not be written yet')
      batch = {
        heads: [...heads, ...batch.heads],
        light: [...light, ...batch.light],
        logs: [...logs, ...batch.logs],
      }
      counters.putBack(minutes)
      forgetOldest()
      arm()
    }
  }

  function forgetOldest(): void {
    lost += batch.heads.splice(0, batch.heads.length - MAX_WAITING).length
    lost += batch.light.splice(0, batch.light.length - MAX_WAITING).length
    lost += batch.logs.splice(0, batch.logs.length - MAX_WAITING).length
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
