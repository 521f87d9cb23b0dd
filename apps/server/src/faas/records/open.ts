import type { Accounts } from '#identity/accounts'
import type { Audit } from '#identity/audit'
import type { Settings } from '#identity/settings'
import type { Delivery } from '#base/delivery'
import type { Http } from '#base/http'
import { withDeps } from '#base/kernel'
import type { Base } from '#base/store'
import type { RecordsDeps } from './deps.ts'
import { eraseRecords } from './erase.ts'
import { watchNewLogs } from './log-notifications.ts'
import { recordIds } from './record-ids.ts'
import { countRunsOf, getRecord, listRecords, listRunsOf, listRunsSince } from './records.ts'
import { startRetention } from './retention.ts'
import { recordRoutes } from './routes.ts'
import { insertRecords } from './write-repository.ts'
import { openWriter } from './writer.ts'

type OpenDeps = Pick<Base, 'store' | 'clock' | 'monotonic' | 'ids' | 'logger'> & {
  audit: Pick<Audit, 'deleteBefore'>
  accounts: Pick<Accounts, 'listAccountIds'>
  settings: Pick<Settings, 'get'>
  delivery: Delivery
}

/** What invocations leave behind: records, log entries and counts, for as long as the account keeps them. */
export type Records = Awaited<ReturnType<typeof openRecords>>

export async function openRecords(base: OpenDeps) {
  const { store, clock, ids, logger, accounts, audit, settings, delivery } = base
  const writer = openWriter(base)
  const deps: RecordsDeps = { store, clock, logger, accounts, audit, settings, writer }
  await startRetention(deps, delivery)
  return {
    /** Collects what invocations leave behind and writes it a few times per second. */
    writer,
    /** Writes records in a transaction of the caller. */
    insert: insertRecords,
    newRecordId: recordIds(ids),
    ...withDeps(deps, {
      get: getRecord,
      list: listRecords,
      erase: eraseRecords,
      watchNewLogs,
      listRunsOf,
      listRunsSince,
      countRunsOf,
    }),
    routes: (http: Http) => recordRoutes(http, deps),
    [Symbol.asyncDispose]: () => writer[Symbol.asyncDispose](),
  }
}
