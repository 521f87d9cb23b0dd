import type { Permission } from '@parley/contract'
import { type GuardedRequest, type Principal, requirePermission } from '#base/http'
import { type Logger, messageOf, type Monotonic, ParleyError, PassingSet } from '#base/kernel'

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

/** Checks the callers of open streams again: a session may end, a permission be taken, a key be deleted. */
export function openLongCalls(
  { monotonic, logger }: { monotonic: Monotonic; logger: Logger },
  recognize: (request: GuardedRequest, accountId: string) => Promise<Principal>,
): LongCalls {
  const calls = new PassingSet<LongCall>()

  async function look(call: LongCall): Promise<void> {
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
    for (const call of calls) void look(call)
  })

  return {
    watch(call) {
      calls.add(call)
      // Changes between the guard and this line were notified before the call was watched.
      void look(call)
      return { [Symbol.dispose]: () => void calls.delete(call) }
    },
    lookAgain(accountId) {
      for (const call of calls) if (call.accountId === accountId) void look(call)
    },
    [Symbol.dispose]: () => looking[Symbol.dispose](),
  }
}
