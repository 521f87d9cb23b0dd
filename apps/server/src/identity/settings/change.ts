import {
  AccountSettings,
  type AccountSettingsChange,
  type AllSettings,
  ownSettings,
} from '@parley/contract'
import type { Actor } from '#identity/audit'
import { lockAccount } from '#base/kit'
import type { Db } from '#base/store'
import type { SettingsDeps } from './deps.ts'
import { mergeSettings, readSettings } from './merge-settings.ts'
import { selectChanged, upsertChanged } from './repository.ts'

/** A group that has a path of its own. */
export type OwnName = keyof typeof ownSettings

/** Sets what `wanted` names, in the groups that `/settings` shows. */
export async function change(
  deps: SettingsDeps,
  accountId: string,
  actor: Actor,
  wanted: AccountSettingsChange,
): Promise<AccountSettings> {
  const entry = { actor, action: 'settings.changed', object: 'settings', details: wanted }
  await write(deps, accountId, entry, (stored) => mergeSettings(stored, wanted))
  return AccountSettings.parse(await deps.cache.get(accountId))
}

/**
 * Replaces a group that has a path of its own. Of two calls at once the later one holds; the audit has both.
 * @param check refuses what the caller may not change; it gets what is replaced
 */
export async function replace(
  deps: SettingsDeps,
  accountId: string,
  actor: Actor,
  name: OwnName,
  value: AllSettings[OwnName],
  check: (before: AllSettings[OwnName]) => void = () => undefined,
): Promise<AllSettings[OwnName]> {
  const object = ownSettings[name].path
  const entry = { actor, action: `${object}.changed`, object, details: value }
  await write(deps, accountId, entry, (stored) => {
    check(readSettings(stored)[name])
    return { ...stored, [name]: asJson(value) }
  })
  return value
}

/** In the transaction that deletes a skill: what is set for that skill alone is set no more, and what is for others too is for those. */
export async function forgetSkill(
  deps: SettingsDeps,
  tx: Db,
  accountId: string,
  skillId: string,
): Promise<void> {
  await writeIn(deps, tx, accountId, (stored) => {
    const { cannedAnswers, messaging, transcripts } = readSettings(stored)
    let changed = stored
    if (skillId in messaging.autoCloseMsBySkill) {
      changed = mergeSettings(changed, { messaging: { autoCloseMsBySkill: { [skillId]: null } } })
    }
    if (areFor(cannedAnswers.answers, skillId)) {
      const answers = withoutSkill(cannedAnswers.answers, skillId)
      changed = { ...changed, cannedAnswers: asJson({ ...cannedAnswers, answers }) }
    }
    if (areFor(transcripts.rules, skillId)) {
      const rules = withoutSkill(transcripts.rules, skillId)
      changed = { ...changed, transcripts: asJson({ ...transcripts, rules }) }
    }
    return changed
  })
}

interface ForSkills {
  skillIds?: string[] | undefined
}

function areFor(all: readonly ForSkills[], skillId: string): boolean {
  return all.some(({ skillIds }) => skillIds?.includes(skillId))
}

/** What was for this skill alone goes: without any it would be for all. */
function withoutSkill<One extends ForSkills>(all: readonly One[], skillId: string): One[] {
  return all.flatMap((one) => {
    if (!one.skillIds?.includes(skillId)) return [one]
    const skillIds = one.skillIds.filter((id) => id !== skillId)
    return skillIds.length > 0 ? [{ ...one, skillIds }] : []
  })
}

async function write(
  deps: SettingsDeps,
  accountId: string,
  entry: Parameters<typeof deps.audit.record>[2],
  next: (stored: AccountSettingsChange) => AccountSettingsChange,
): Promise<void> {
  await deps.cache.change(accountId, async (tx) => {
    await writeIn(deps, tx, accountId, next, entry.actor)
    await deps.audit.record(tx, accountId, entry)
  })
}

async function writeIn(
  { clock, writers }: SettingsDeps,
  tx: Db,
  accountId: string,
  next: (stored: AccountSettingsChange) => AccountSettingsChange,
  actor?: Actor,
): Promise<void> {
  // Changes of one account wait for each other, so that none overwrites what another has set.
  await lockAccount(tx, accountId)
  const stored = await selectChanged(tx, accountId)
  const changed = next(stored)
  if (changed === stored) return
  await upsertChanged(tx, accountId, changed, new Date(clock.now()))
  const both = { before: readSettings(stored), after: readSettings(changed), actor }
  for (const also of writers) await also(tx, accountId, both)
}

/** Without the fields that are `undefined`. */
function asJson(value: object): AccountSettingsChange[string] {
  return JSON.parse(JSON.stringify(value)) as AccountSettingsChange[string]
}
