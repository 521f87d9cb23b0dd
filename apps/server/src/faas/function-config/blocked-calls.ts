import { isUuid } from '#base/kernel'
import type { SecretMask } from '#base/kit'
import type { Base } from '#base/store'
import type { RefusedCall } from '#faas/egress'
import { type BlockedCallRow, forgetOldest, upsertBlockedCalls } from './repository.ts'

const FLUSH_AFTER_MS = 500
const MAX_HOST_CHARACTERS = 253
/** Different calls per function that are stored, or wait to be. A function that invents hosts must not fill the disk. */
const MAX_PER_FUNCTION = 200
const MAX_WAITING_FUNCTIONS = 1_000

/** Sums up refused calls and writes the sums a few times per second. */
export interface BlockedCalls extends AsyncDisposable {
  /** Masks secrets in the texts that the function chose. */
  add(call: RefusedCall): void
  /** Resolves when all calls added before are written. */
  flush(): Promise<void>
}

type Waiting = Map<string, Map<string, BlockedCallRow>>

interface BlockedCallsDeps extends Pick<Base, 'store' | 'clock' | 'monotonic' | 'logger'> {
  maskOf(accountId: string): SecretMask
}

export function openBlockedCalls(deps: BlockedCallsDeps): BlockedCalls {
  const { store, clock, monotonic, logger } = deps
  let waiting: Waiting = new Map()
  let timer: Disposable | undefined
  let writing: Promise<void> = Promise.resolve()
  let closed = false

  function flush(): Promise<void> {
    timer?.[Symbol.dispose]()
    timer = undefined
    writing = writing.then(write)
    return writing
  }

  async function write(): Promise<void> {
    if (waiting.size === 0) return
    const rows = [...waiting.values()].flatMap((calls) => [...calls.values()])
    waiting = new Map()
    try {
      await upsertBlockedCalls(store.db, rows)
      await forgetOldest(store.db, rows, MAX_PER_FUNCTION)
    } catch (error) {
      // The sums are dropped: writing them again could count calls twice.
      logger.error({ err: error, lost: rows.length }, 'Blocked calls could not be written')
    }
  }

  return {
    add(call) {
      // At the end a tunnel may still report a call.
      if (closed || !isUuid(call.functionId)) return
      const name = `${call.accountId} ${call.functionId}`
      const calls = waiting.get(name) ?? new Map<string, BlockedCallRow>()
      if (calls.size === 0 && waiting.size >= MAX_WAITING_FUNCTIONS) return
      const row = newRow(call, deps.maskOf(call.accountId), new Date(clock.now()))
      const key = `${row.host} ${row.port} ${row.calledFrom}`
      const known = calls.get(key)
      if (!known && calls.size >= MAX_PER_FUNCTION) return
      calls.set(key, known ? { ...row, firstAt: known.firstAt, count: known.count + 1 } : row)
      waiting.set(name, calls)
      timer ??= monotonic.after(FLUSH_AFTER_MS, () => void flush())
    },
    flush,
    [Symbol.asyncDispose]() {
      closed = true
      return flush()
    },
  }
}

function newRow(call: RefusedCall, mask: SecretMask, at: Date): BlockedCallRow {
  const text = (given: string) => mask.text(given, MAX_HOST_CHARACTERS)
  return {
    accountId: call.accountId,
    functionId: call.functionId,
    host: text(call.host),
    port: call.port,
    // Without the column: calls of one line are counted together.
    calledFrom: text(call.calledFrom.replace(/(:\d+):\d+$/, '$1')),
    reason: text(call.reason),
    count: 1,
    firstAt: at,
    lastAt: at,
  }
}
