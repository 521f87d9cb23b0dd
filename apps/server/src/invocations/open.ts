import type { Clock, Ids, Logger, Monotonic } from '#kernel'
import { AccountSettings } from '@parley/contract'
import type { Accounts } from '#accounts'
import type { Delivery } from '#delivery'
import type { Functions } from '#functions'
import type { Sandbox } from '#sandbox'
import type { Store } from '#store'
import type { Surroundings } from '#surroundings'
import type { InvocationHead } from './head.ts'
import { type EventAnswer, raise, type RaisedEvent } from './raise.ts'
import type { InvocationsRoom } from './run.ts'
import { recordIds } from './record-ids.ts'
import { keepRecordsAsLong } from './retention.ts'
import { deleteOfConversations } from './retention-repository.ts'
import { runSchedules } from './schedule-runs.ts'
import { openWriter } from './writer.ts'

/** For the moment before an account's settings have been read. */
const DEFAULTS = AccountSettings.parse({})

export interface InvocationsDeps {
  store: Store
  functions: Functions
  surroundings: Surroundings
  sandbox: Sandbox
  clock: Clock
  monotonic: Monotonic
  ids: Ids
  logger: Logger
  accounts: Pick<Accounts, 'settings' | 'peekSettings' | 'listAccountIds'>
  delivery: Delivery
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
  /** Forgets what functions were told and said in these conversations. */
  erase(accountId: string, gone: { conversationIds: readonly string[] }): Promise<void>
  /** To be called when the server begins to stop: live tails would hold it up. */
  endStreams(): void
}

export async function openInvocations(deps: InvocationsDeps): Promise<Invocations> {
  const writer = openWriter(deps)
  const closing = new Set<() => void>()
  const room: InvocationsRoom = {
    ...deps,
    writer,
    newRecordId: recordIds(deps.ids),
    settingsOf: (accountId) => deps.accounts.peekSettings(accountId) ?? DEFAULTS,
    onClose(close) {
      closing.add(close)
      return { [Symbol.dispose]: () => void closing.delete(close) }
    },
    secretsOf: (accountId) => deps.surroundings.secrets.seen(accountId),
  }
  runSchedules(room, deps.delivery)
  await keepRecordsAsLong(room, deps.delivery)
  return {
    room,
    raise: (accountId, event) => raise(room, accountId, event),
    record: (head) => writer.record(head),
    async erase(accountId, { conversationIds }) {
      await writer.flush()
      await deleteOfConversations(deps.store.db, accountId, conversationIds)
    },
    endStreams() {
      for (const close of closing) close()
    },
    [Symbol.asyncDispose]: () => writer[Symbol.asyncDispose](),
  }
}
