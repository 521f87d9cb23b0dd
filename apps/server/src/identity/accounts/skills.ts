import {
  type AllSettings,
  NO_SKILL,
  type Skill,
  type SkillChange,
  type SkillDraft,
} from '@parley/contract'
import type { Actor } from '#identity/audit'
import { lockAccount } from '#base/kit'
import { conflicting, ParleyError } from '#base/kernel'
import { type Db, mapConstraintErrors } from '#base/store'
import {
  deleteSkillRow,
  holdSkills,
  insertSkill,
  selectSkills,
  takeId,
  updateSkill,
} from './directory-repository.ts'
import type { AccountsDeps } from './deps.ts'
import { holdSkill, noSkill } from './directory.ts'

export async function find(
  { directory }: AccountsDeps,
  accountId: string,
  skillId: string,
): Promise<Skill | undefined> {
  return (await directory.get(accountId)).skills.get(skillId)
}

/** By name. */
export async function list({ directory }: AccountsDeps, accountId: string): Promise<Skill[]> {
  return [...(await directory.get(accountId)).skills.values()]
}

/** @throws `not_found` */
export async function get(deps: AccountsDeps, accountId: string, skillId: string): Promise<Skill> {
  const skill = await find(deps, accountId, skillId)
  if (!skill) throw new ParleyError('not_found', `No skill "${skillId}"`)
  return skill
}

/** A skill, and the member of a request that names it. */
export interface NamedSkill {
  path: string
  skillId: string
}

/**
 * As `getNamed`, for what is then written about these skills in this transaction: none of them is deleted before it ends.
 * @throws `invalid_request`
 */
export async function holdNamed(
  _deps: AccountsDeps,
  tx: Db,
  accountId: string,
  named: readonly NamedSkill[],
): Promise<void> {
  if (named.length === 0) return
  const held = await holdSkills(tx, accountId)
  for (const { path, skillId } of named) if (!held.has(skillId)) throw noSkill(path, skillId)
}

/**
 * For the transaction that changes settings: of the skills that they name, those that they have not named before must be there. What is
 * set for a misspelt one would be for nobody.
 * @throws `invalid_request`
 */
export async function holdNamedInSettings(
  deps: AccountsDeps,
  tx: Db,
  accountId: string,
  { before, after }: { before: AllSettings; after: AllSettings },
): Promise<void> {
  const known = new Set([NO_SKILL, ...namedIn(before).map(({ skillId }) => skillId)])
  const added = namedIn(after).filter(({ skillId }) => !known.has(skillId))
  await holdNamed(deps, tx, accountId, added)
}

function namedIn({ messaging, transcripts, cannedAnswers }: AllSettings) {
  return [
    ...Object.keys(messaging.autoCloseMsBySkill).map((skillId) => ({
      path: `body.messaging.autoCloseMsBySkill.${skillId}`,
      skillId,
    })),
    ...namedBy('body.rules', transcripts.rules),
    ...namedBy('body.answers', cannedAnswers.answers),
  ]
}

function namedBy(list: string, all: readonly { skillIds?: string[] | undefined }[]) {
  return all.flatMap(({ skillIds = [] }, at) =>
    skillIds.map((skillId, place) => ({ path: `${list}.${at}.skillIds.${place}`, skillId })),
  )
}

export async function create(
  deps: AccountsDeps,
  accountId: string,
  actor: Actor,
  { name, description, skillId: wantedId }: SkillDraft,
): Promise<Skill> {
  const skillId = await deps.directory.change(accountId, async (tx) => {
    const id = wantedId ?? (await freeId(tx, accountId))
    const row = { accountId, skillId: id, name, description, createdAt: new Date(deps.clock.now()) }
    await mapConstraintErrors(insertSkill(tx, row), {
      ...refuseTakenName(name),
      skill_pkey: (cause) => conflicting('body.skillId', `there is a skill "${id}" already`, cause),
    })
    const entry = { actor, action: 'skill.created', object: `skill:${id}`, details: { name } }
    await deps.audit.record(tx, accountId, entry)
    return id
  })
  return get(deps, accountId, skillId)
}

function refuseTakenName(name = '') {
  return {
    skill_name: (cause: unknown) =>
      conflicting('body.name', `another skill has the name "${name}"`, cause),
  }
}

/** The counter does not know of ids that were chosen by hand. */
async function freeId(tx: Db, accountId: string): Promise<string> {
  const taken = new Set((await selectSkills(tx, accountId)).map(({ skillId }) => skillId))
  let id: string
  do {
    id = await takeId(tx, accountId, 'nextSkillId')
  } while (taken.has(id))
  return id
}

export async function change(
  deps: AccountsDeps,
  accountId: string,
  actor: Actor,
  skillId: string,
  wanted: SkillChange,
): Promise<Skill> {
  await deps.directory.change(accountId, async (tx) => {
    // Two changes at once: each leaves what the other has set.
    const { name, description } = { ...(await holdSkill(tx, accountId, skillId)), ...wanted }
    await mapConstraintErrors(
      updateSkill(tx, accountId, skillId, { name, description }),
      refuseTakenName(name),
    )
    const entry = {
      actor,
      action: 'skill.changed',
      object: `skill:${skillId}`,
      details: { ...wanted },
    }
    await deps.audit.record(tx, accountId, entry)
  })
  return get(deps, accountId, skillId)
}

export async function remove(
  deps: AccountsDeps,
  accountId: string,
  actor: Actor,
  skillId: string,
): Promise<void> {
  await deps.directory.change(accountId, async (tx) => {
    // Before the skill, whose deletion notes itself there: who makes a user locks the account first, too, and then its skills.
    await lockAccount(tx, accountId)
    for (const kept of deps.keptForSkills) await kept.remove(tx, accountId, skillId)
    if (!(await deleteSkillRow(tx, accountId, skillId))) {
      throw new ParleyError('not_found', `No skill "${skillId}"`)
    }
    await deps.audit.record(tx, accountId, {
      actor,
      action: 'skill.deleted',
      object: `skill:${skillId}`,
    })
  })
  deps.calendars.changed(accountId)
  for (const kept of deps.keptForSkills) kept.removed(accountId)
}
