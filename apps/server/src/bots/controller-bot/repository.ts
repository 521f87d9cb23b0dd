import type { AutomaticMessageChange, AutomaticMessageSetting } from '@parley/contract'
import { AutomaticMessageSetting as Setting } from '@parley/contract'
import type { CbotEventType } from '@parley/contract/events'
import type { PerAccount } from '#base/kit'
import { type Db, jsonb, orderingHash } from '#base/store'

/** What was set for automatic messages: every event and every idle timer asks for it. */
export type MessageSettings = PerAccount<readonly AutomaticMessageSetting[]>

/** Exactly one setting: an absent skill or language stands for all of them. */
export interface SettingKey {
  type: CbotEventType
  skillId?: string | undefined
  language?: string | undefined
}

export async function listSettings(db: Db, accountId: string): Promise<AutomaticMessageSetting[]> {
  const rows = await db
    .selectFrom('automaticMessage')
    .selectAll()
    .where('accountId', '=', accountId)
    .orderBy('type')
    .orderBy('skillId')
    .orderBy('language')
    .execute()
  return rows.map(({ type, skillId, language, change }) =>
    Setting.parse({
      type,
      ...(skillId === '' ? {} : { skillId }),
      ...(language === '' ? {} : { language }),
      ...change,
    }),
  )
}

export async function saveSetting(
  db: Db,
  accountId: string,
  { type, skillId = '', language = '' }: SettingKey,
  change: AutomaticMessageChange,
): Promise<void> {
  await db
    .insertInto('automaticMessage')
    .values({ accountId, type, skillId, language, change: jsonb(change) })
    .onConflict((conflict) =>
      conflict
        .columns(['accountId', 'type', 'skillId', 'language'])
        .doUpdateSet({ change: jsonb(change) }),
    )
    .execute()
}

export async function deleteSetting(
  db: Db,
  accountId: string,
  { type, skillId = '', language = '' }: SettingKey,
): Promise<void> {
  await db
    .deleteFrom('automaticMessage')
    .where('accountId', '=', accountId)
    .where('type', '=', type)
    .where('skillId', '=', skillId)
    .where('language', '=', language)
    .execute()
}

/** Resolves with the types of what was deleted. */
export async function deleteSettingsOfSkill(
  tx: Db,
  accountId: string,
  skillId: string,
): Promise<string[]> {
  const rows = await tx
    .deleteFrom('automaticMessage')
    .where('accountId', '=', accountId)
    .where('skillId', '=', skillId)
    .returning('type')
    .execute()
  return rows.map(({ type }) => type)
}

/** The ids of outbox rows of a conversation that these consumers have not ended yet. */
export async function listRowIds(
  db: Db,
  accountId: string,
  conversationId: string,
  consumers: readonly string[],
): Promise<number[]> {
  const hashes = consumers.map((consumer) => orderingHash(accountId, consumer, conversationId))
  const rows = await db
    .selectFrom('outbox')
    .select('id')
    .where('laneHash', 'in', hashes)
    .where('accountId', '=', accountId)
    .where('lane', '=', conversationId)
    .where('consumer', 'in', consumers)
    .execute()
  return rows.map(({ id }) => id)
}
