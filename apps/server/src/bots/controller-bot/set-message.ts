import {
  type AutomaticMessageChange,
  type AutomaticMessageSetting,
  isIdleType,
  NOT_EMPTY,
} from '@parley/contract'
import type { Accounts } from '#identity/accounts'
import type { Audit } from '#identity/audit'
import type { Conversations } from '#messaging/conversations'
import { invalid } from '#base/kernel'
import type { Store } from '#base/store'
import { deleteSetting, type MessageSettings, saveSetting, type SettingKey } from './repository.ts'

export interface SettingDeps {
  store: Store
  accounts: Pick<Accounts, 'skills'>
  audit: Audit
  messageSettings: MessageSettings
  conversations: Pick<Conversations, 'adjustTimersSoon'>
}

/** Replaces what was set for exactly this type, skill and language. */
export async function setAutomaticMessage(
  { store, accounts, audit, messageSettings, conversations }: SettingDeps,
  accountId: string,
  actor: string,
  key: SettingKey,
  change: AutomaticMessageChange,
): Promise<AutomaticMessageSetting> {
  const { type, skillId, language } = key
  if (change.timing !== undefined) refuseMisplacedTiming(key)
  if (change.text?.trim() === '') throw invalid('body.text', NOT_EMPTY)
  const setting = {
    type,
    ...(skillId !== undefined && { skillId }),
    ...(language !== undefined && { language }),
    ...change,
  }
  const named = skillId === undefined ? [] : [{ path: 'query.skillId', skillId }]
  await store.transaction(async (tx) => {
    await accounts.skills.holdNamed(tx, accountId, named)
    await saveSetting(tx, accountId, key, change)
    const action = 'automatic-message.set'
    const entry = { actor, action, object: `automatic-message:${type}`, details: setting }
    await audit.record(tx, accountId, entry)
    if (isIdleType(type)) await conversations.adjustTimersSoon(tx, accountId)
  })
  messageSettings.changed(accountId)
  return setting
}

/** Afterwards the more general setting is in force again. */
export async function resetAutomaticMessage(
  { store, audit, messageSettings, conversations }: SettingDeps,
  accountId: string,
  actor: string,
  key: SettingKey,
): Promise<void> {
  await store.transaction(async (tx) => {
    await deleteSetting(tx, accountId, key)
    const action = 'automatic-message.reset'
    const entry = { actor, action, object: `automatic-message:${key.type}`, details: { ...key } }
    await audit.record(tx, accountId, entry)
    if (isIdleType(key.type)) await conversations.adjustTimersSoon(tx, accountId)
  })
  messageSettings.changed(accountId)
}

function refuseMisplacedTiming({ type, language }: SettingKey): void {
  if (!isIdleType(type)) {
    throw invalid(
      'body.timing',
      `${type} does not happen after a time; only idle messages have a timing`,
    )
  }
  if (language !== undefined) {
    throw invalid('body.timing', 'A timing is set for all skills or one, not for one language')
  }
}
