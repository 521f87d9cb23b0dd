import type { Permission } from '@parley/contract'
import { type GuardedRequest, type Principal, requirePermission } from '#base/http'
import { type Logger, messageOf, type Monotonic, ParleyError, PassingMap } from '#base/kernel'

const LOOK_MS = 1000

/** A request whose answer goes on for long, such as a stream of events. */
export interface LongCall {
  accountId: string
  request: GuardedRequest
  /** Beside which `check` may ask for more. */
  permission?: Permission
  /** Throws when the caller may no longer read the rest, though it has the permission. */
  check?(caller: Principal): Promise<void>
  /** Called once the caller may no longer read the rest. */
  end(): void
}

export interface LongCalls extends Disposable {
  watch(call: LongCall): Disposable
  /** To be called when credentials, users or sessions of the account have changed. */
  lookAgain(accountId: string): void
}

interface Look {
  isUnderWay: boolean
  /** Something has changed since it began. */
  isOutdated: boolean
}

/** Checks the callers of open streams again: a session may end, a permission be taken, a key be deleted. */
export function openLongCalls(
  { monotonic, logger }: { monotonic: Monotonic; logger: Logger },
  recognize: (request: GuardedRequest, accountId: string) => Promise<Principal>,
): LongCalls {
  const calls = new PassingMap<LongCall, Look>()

  /** One look at a call at a time: while the database is slow, they do not pile up. */
  async function look(call: LongCall, state: Look): Promise<void> {
    if (state.isUnderWay) return
    state.isUnderWay = true
    do {
      state.isOutdated = false
      await lookOnce(call)
    } while (state.isOutdated && calls.has(call))
    state.isUnderWay = false
  }

  async function lookOnce(call: LongCall): Promise<void> {
    const { accountId, request, permission } = call
    try {
      const caller = await recognize(request, accountId)
      if (permission) requirePermission(caller, permission)
      await call.check?.(caller)
    } catch (error) {
      if (error instanceof ParleyError && error.status < 500) {
        if (calls.delete(call)) call.end()
        return
      }
      // The database may be unreachable: the stream goes on until its caller was checked.
      logger.warn({ err: error, accountId }, `Caller not checked again: ${messageOf(error)}`)
    }
  }

  const looking = monotonic.every(LOOK_MS, () => {
    for (const [call, state] of calls) void look(call, state)
  })

  return {
    watch(call) {
      const state = { isUnderWay: false, isOutdated: false }
      calls.set(call, state)
      // Changes between the guard and this line were notified before the call was watched.
      void look(call, state)
      return { [Symbol.dispose]: () => void calls.delete(call) }
    },
    lookAgain(accountId) {
      for (const [call, state] of calls) {
        if (call.accountId !== accountId) continue
        state.isOutdated = true
        void look(call, state)
      }
    },
    [Symbol.dispose]: () => looking[Symbol.dispose](),
  }
}
