import { AccountSettings, type AccountSettingsChange } from '@parley/contract'
import type { Actor } from '#identity/audit'
import { lockAccount } from '#identity/credentials'
import type { Db } from '#base/store'
import { mergeSettings } from './merge-settings.ts'
import type { AccountsDeps } from './deps.ts'

export async function readSettings(db: Db, accountId: string): Promise<AccountSettings> {
  return AccountSettings.parse(await readChanged(db, accountId))
}

async function readChanged(db: Db, accountId: string): Promise<AccountSettingsChange> {
  const row = await db
    .selectFrom('accountSettings')
    .select('changed')
    .where('accountId', '=', accountId)
    .executeTakeFirst()
  return (row?.changed ?? {}) as AccountSettingsChange
}

export async function changeSettings(
  deps: AccountsDeps,
  accountId: string,
  actor: Actor,
  wanted: AccountSettingsChange,
): Promise<AccountSettings> {
  await deps.settings.change(accountId, async (tx) => {
    // Two changes at once are merged one after the other.
    await lockAccount(tx, accountId)
    const changed = mergeSettings(await readChanged(tx, accountId), wanted)
    const written = { changed: JSON.stringify(changed), updatedAt: new Date(deps.clock.now()) }
    await tx
      .insertInto('accountSettings')
      .values({ accountId, ...written })
      .onConflict((conflict) => conflict.column('accountId').doUpdateSet(written))
      .execute()
    const entry = { actor, action: 'settings.changed', object: 'settings', details: wanted }
    await deps.audit.record(tx, accountId, entry)
  })
  return deps.settings.get(accountId)
}
