import type { FunctionConnections, HotRequest } from '#base/http'
import type { Monotonic } from '#base/kernel'
import type { Credentials } from '#identity/credentials'

/** Says for which conversation the function runs that sends a request to this node. It has no meaning anywhere else. */
export const CALLER_HEADER = 'x-parley-caller'

const CONTEXT = 'caller'
/** A function runs no longer. */
const VALID_MS = 30_000

/** For whom a function runs. */
export interface CallingFunction {
  accountId: string
  conversationId: string | undefined
}

/** What functions of a conversation invoke belongs to the conversation, too. */
export interface CallerTokens {
  /** For the header of a request that is sent at once. `undefined` for a function that runs for no conversation. */
  tokenOf(caller: CallingFunction): string | undefined
  /**
   * The conversation of the function that has sent the request. `undefined` whatever the header says for one from outside, and
   * for one to another account than the function's own.
   */
  conversationOf(request: HotRequest, accountId: string): string | undefined
}

interface CallerTokensDeps {
  credentials: Pick<Credentials, 'secrets'>
  /** Functions send these requests to the node that runs them: no other one reads its tokens. */
  monotonic: Monotonic
}

export function openCallerTokens(
  { credentials: { secrets }, monotonic }: CallerTokensDeps,
  { accountOf }: Pick<FunctionConnections, 'accountOf'>,
): CallerTokens {
  function open(accountId: string, sealed: string): string {
    try {
      return secrets.open(accountId, CONTEXT, sealed)
    } catch {
      // What cannot be opened is none of this account.
      return ''
    }
  }

  return {
    tokenOf({ accountId, conversationId }) {
      if (conversationId === undefined) return undefined
      const expires = Math.ceil(monotonic.now() + VALID_MS)
      return secrets.seal(accountId, CONTEXT, `${expires} ${conversationId}`)
    },
    conversationOf(request, accountId) {
      const sealed = request.headers[CALLER_HEADER]
      if (typeof sealed !== 'string' || accountOf(request) !== accountId) return undefined
      const [, expires, conversationId] = /^(\d+) (.+)$/.exec(open(accountId, sealed)) ?? []
      return Number(expires) > monotonic.now() ? conversationId : undefined
    },
  }
}
