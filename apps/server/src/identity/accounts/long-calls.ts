import type { Permission } from '@parley/contract'
import { type GuardedRequest, type Principal, requirePermission } from '#base/http'
import { type Logger, messageOf, type Monotonic, ParleyError } from '#base/kernel'

const LOOK_MS = 1000

/** A request whose answer goes on for long, such as a stream of events. */
export interface LongCall {
  accountId: string
  request: GuardedRequest
  permission: Permission
  /** Called once the caller may no longer have the rest. */
  end(): void
}

export interface LongCalls extends Disposable {
  watch(call: LongCall): Disposable
  /** Something about those who may come in has changed. */
  lookAgain(accountId: string): void
}

/** Asks for those who still listen as if they came anew: a session ends, rights are taken, a key is deleted. */
export function openLongCalls(
  { monotonic, logger }: { monotonic: Monotonic; logger: Logger },
  recognize: (request: GuardedRequest, accountId: string) => Promise<Principal>,
): LongCalls {
  const calls = new Set<LongCall>()

  async function look(call: LongCall): Promise<void> {
    const { accountId, request, permission } = call
    try {
      requirePermission(await recognize(request, accountId), permission)
    } catch (error) {
      if (error instanceof ParleyError && error.status < 500) {
        if (calls.delete(call)) call.end()
        return
      }
      // The database is away: that is no reason to send everybody away.
      logger.warn({ err: error, accountId }, `Caller not checked again: ${messageOf(error)}`)
    }
  }

  const looking = monotonic.every(LOOK_MS, () => {
    for (const call of calls) void look(call)
  })

  return {
    watch(call) {
      calls.add(call)
      // What has changed since the guard let the call in was told before it was watched.
      void look(call)
      return { [Symbol.dispose]: () => void calls.delete(call) }
    },
    lookAgain(accountId) {
      for (const call of calls) if (call.accountId === accountId) void look(call)
    },
    [Symbol.dispose]: () => looking[Symbol.dispose](),
  }
}
