import type { AutomaticMessageChange, AutomaticMessageSetting } from '@parley/contract'
import type { Accounts } from '#accounts'
import { ParleyError } from '#kernel'
import type { Db } from '#store'
import { isIdleType } from './default-messages.ts'
import { deleteSetting, saveSetting, type SettingKey } from './repository.ts'
import type { SettingsCache } from './settings-cache.ts'

export interface SettingDeps {
  db: Db
  accounts: Pick<Accounts, 'skills'>
  settings: SettingsCache
}

/** Replaces what was set for exactly this type, skill and language. */
export async function setAutomaticMessage(
  { db, accounts, settings }: SettingDeps,
  accountId: string,
  key: SettingKey,
  change: AutomaticMessageChange,
): Promise<AutomaticMessageSetting> {
  if (change.timing !== undefined) refuseMisplacedTiming(key)
  if (key.skillId !== undefined) await accounts.skills.get(accountId, key.skillId)
  await saveSetting(db, accountId, key, change)
  settings.changed(accountId)
  return {
    type: key.type,
    ...(key.skillId === undefined ? {} : { skillId: key.skillId }),
    ...(key.language === undefined ? {} : { language: key.language }),
    ...change,
  }
}

/** Afterwards the more general setting is in force again. */
export async function resetAutomaticMessage(
  { db, settings }: SettingDeps,
  accountId: string,
  key: SettingKey,
): Promise<void> {
  await deleteSetting(db, accountId, key)
  settings.changed(accountId)
}

function refuseMisplacedTiming({ type, language }: SettingKey): void {
  if (!isIdleType(type)) {
    throw refusal(`${type} does not happen after a time; only idle messages have a timing`)
  }
  if (language !== undefined) {
    throw refusal('A timing is set for all languages or for a skill, not for one language')
  }
}

function refusal(message: string): ParleyError {
  return new ParleyError('invalid_request', message, {
    details: [{ path: 'body.timing', message }],
  })
}
