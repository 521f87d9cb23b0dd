import type { Clock, Logger, Monotonic } from '#base/kernel'
import type { Store } from '#base/store'
import {
  type BlockedCallRow,
  forgetOldest,
  upsertBlockedCalls,
} from './blocked-calls-repository.ts'
import { isUuid } from '#base/kernel'

const FLUSH_AFTER_MS = 500
const MAX_HOST_CHARACTERS = 253
/** Different calls per function, kept and waiting: a function that invents hosts must not fill the disk. */
const MAX_PER_FUNCTION = 200
const MAX_WAITING_FUNCTIONS = 1_000
const MASK = '[secret]'

/** An outgoing call that the proxy has refused. */
export interface RefusedCall {
  accountId: string
  functionId: string
  host: string
  port: number
  reason: string
  /** `file:line:column`, or empty. */
  calledFrom: string
}

/** Sums up refused calls and writes the sums a few times per second. */
export interface BlockedCalls extends AsyncDisposable {
  /** @param secrets what must be masked in the host, which the function has chosen */
  add(call: RefusedCall, secrets: readonly string[]): void
  /** Resolves when everything that was given before is written. */
  flush(): Promise<void>
}

type Waiting = Map<string, Map<string, BlockedCallRow>>

export function openBlockedCalls({
  store,
  clock,
  monotonic,
  logger,
}: {
  store: Store
  clock: Clock
  monotonic: Monotonic
  logger: Logger
}): BlockedCalls {
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
      // Sums of a feed: given up rather than counted twice.
      logger.error({ err: error, lost: rows.length }, 'Blocked calls could not be written')
    }
  }

  return {
    add(call, secrets) {
      // Instances outlive this room at the end.
      if (closed || !isUuid(call.functionId)) return
      const name = `${call.accountId} ${call.functionId}`
      const calls = waiting.get(name) ?? new Map<string, BlockedCallRow>()
      if (calls.size === 0 && waiting.size >= MAX_WAITING_FUNCTIONS) return
      const row = newRow(call, secrets, new Date(clock.now()))
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

function newRow(call: RefusedCall, secrets: readonly string[], at: Date): BlockedCallRow {
  const text = (given: string) => masked(given, secrets).slice(0, MAX_HOST_CHARACTERS)
  return {
    accountId: call.accountId,
    functionId: call.functionId,
    host: text(call.host),
    port: call.port,
    // The column would tell calls apart that stand in one line.
    calledFrom: text(call.calledFrom.replace(/(:\d+):\d+$/, '$1')),
    reason: text(call.reason),
    count: 1,
    firstAt: at,
    lastAt: at,
  }
}

/** Hosts arrive in lower case, whatever case the secret has. */
function masked(text: string, secrets: readonly string[]): string {
  let clean = text
  for (const secret of secrets) {
    clean = clean.replaceAll(secret, MASK).replaceAll(secret.toLowerCase(), MASK)
  }
  return clean.toWellFormed().replaceAll('\0', '\uFFFD')
}
