import type { Clock, Ids, Logger, Monotonic } from '#kernel'
import { AccountSettings } from '@parley/contract'
import type { Accounts } from '#accounts'
import type { Functions } from '#functions'
import type { Sandbox } from '#sandbox'
import type { Store } from '#store'
import type { InvocationHead } from './head.ts'
import { type EventAnswer, raise, type RaisedEvent } from './raise.ts'
import type { InvocationsRoom } from './run.ts'
import { openWriter } from './writer.ts'

/** For the moment before an account's settings have been read. */
const DEFAULTS = AccountSettings.parse({})

export interface InvocationsDeps {
  store: Store
  functions: Functions
  sandbox: Sandbox
  clock: Clock
  monotonic: Monotonic
  ids: Ids
  logger: Logger
  accounts: Pick<Accounts, 'peekSettings'>
}

export interface Invocations extends AsyncDisposable {
  readonly room: InvocationsRoom
  /**
   * For event sources inside the platform. Heads come back to be put into the caller's commit.
   * Never rejects for what functions did.
   */
  raise(accountId: string, event: RaisedEvent): Promise<EventAnswer>
  /** Keeps a head that no commit takes, such as that of an attempt that will be repeated. */
  record(head: InvocationHead): void
}

export function openInvocations(deps: InvocationsDeps): Invocations {
  const writer = openWriter(deps)
  const room: InvocationsRoom = {
    ...deps,
    writer,
    recordings: (accountId) => (deps.accounts.peekSettings(accountId) ?? DEFAULTS).recordings,
    secretsOf: (accountId) => deps.functions.secrets.seen(accountId),
  }
  return {
    room,
    raise: (accountId, event) => raise(room, accountId, event),
    record: (head) => writer.record(head),
    [Symbol.asyncDispose]: () => writer[Symbol.asyncDispose](),
  }
}
