import { AsyncLocalStorage } from 'node:async_hooks'
import type { Permission } from '@parley/contract'
import type { IncomingHttpHeaders } from 'node:http'
import { lacking, ParleyError } from '#base/kernel'

/** Who is calling, as the guard found out from the credentials of the request. */
export interface Principal {
  readonly accountId: string
  readonly kind: 'user' | 'app'
  /** The user's numeric id, the application's client id or the API key's application key. */
  readonly id: string
  /** For records of who did what: a login name, `client:<id>`, `key:<id>`. */
  readonly name: string
  /** The key or application that logged the user in, such as `key:<id>`. */
  readonly via?: string
  /** A person whom a key or an application has logged in; bots are always logged in by one. */
  readonly isImpersonated?: true
  /** The participant id of a user. */
  readonly pid?: string
  readonly permissions: ReadonlySet<Permission>
  /** What an application's token was issued for; empty for users. */
  readonly scopes: ReadonlySet<string>
  /** Of a user who logged in. A later login of the same user has a higher sequence. */
  readonly session?: { readonly sequence: number; readonly expiresAt: number }
  /** Of a request with a proof that counts once: never rejects. See `letRepeat`. */
  readonly releaseProof?: () => Promise<void>
}

/** What a guard reads of a request, whichever way the request came in. */
export interface GuardedRequest {
  readonly method: string
  /** Path and query as received: OAuth1 signs them. */
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly encrypted: boolean
}

/**
 * Finds the caller of a request to an account (to any account when there is none in the path).
 * Answers at once when it knows the token. Throws `unauthorized` when the credentials are missing or wrong.
 */
export type Guard = (
  request: GuardedRequest,
  accountId: string | undefined,
) => Principal | Promise<Principal>

export function requirePermission(principal: Principal, permission: Permission): void {
  if (principal.permissions.has(permission)) return
  throw lacking('permission', permission)
}

/**
 * Lets a caller send the same request again, with the proof that counts once: published clients sign a request once, whatever
 * is answered. Only for a request that was refused before anything of it ran.
 */
export async function letRepeat({ releaseProof }: Principal): Promise<void> {
  await releaseProof?.()
}

/** Does what comes before a request runs. Who is refused there may repeat the request. */
export async function beforeItRuns<Result>(
  principal: Principal,
  work: () => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (refusal) {
    await letRepeat(principal)
    throw refusal
  }
}

/** Nobody grants more than they hold. @throws ParleyError `forbidden`, with what the caller lacks */
export function requireHeld(principal: Principal, permissions: Iterable<Permission>): void {
  const lacks = [...new Set(permissions).difference(principal.permissions)].join(', ')
  if (lacks === '') return
  throw new ParleyError('forbidden', `The caller cannot grant or take what it lacks: ${lacks}`, {
    lacks,
  })
}

/** The request to an operation that is being handled. */
export interface CurrentCall {
  readonly principal: Principal
  /** The client's address. */
  readonly address: string
  /** The entry of the audit that says that the call has begun, until another entry takes its place. */
  begun?: { readonly at: Date; readonly auditId: string }
}

const calls = new AsyncLocalStorage<CurrentCall>()

/** The call on whose behalf the code runs; `undefined` for what the server does by itself. */
export function currentCall(): CurrentCall | undefined {
  return calls.getStore()
}

export function within<Result>(call: CurrentCall, work: () => Result): Result {
  return calls.run(call, work)
}

/** What the audit calls a call. */
export interface CallEntry {
  /** Such as `mail.read`, or the method and path of a change. */
  action: string
  /** The path below the account. */
  object: string
}

/** Notes what callers do in the audit. */
export interface CallAudit {
  /** Before a change. The entry says that it has begun, until its operation has noted what it was, or `end` is called. */
  begin(call: CurrentCall, entry: CallEntry): Promise<void>
  /** @param failure what the operation threw. Never rejects: what the operation did stands. */
  end(call: CurrentCall, failure?: { thrown: unknown }): Promise<void>
  /** Before what is done often, such as a reading. */
  repeat(call: CurrentCall, entry: CallEntry): Promise<void>
  /** A change that the caller had no right to. */
  refuse(call: CurrentCall, entry: { object: string; lacks: string }): void
}
