import type { Skill, SkillChange, SkillDraft } from '@parley/contract'
import { type Actor, change, recordAudit, refusing } from '#identity/credentials'
import { ParleyError } from '#base/kernel'
import type { Db } from '#base/store'
import {
  deleteSkillRow,
  insertSkill,
  selectSkills,
  takeId,
  updateSkill,
} from './directory-repository.ts'
import type { AccountsRoom } from './room.ts'

export async function getSkill(
  room: AccountsRoom,
  accountId: string,
  skillId: string,
): Promise<Skill> {
  const skill = (await room.directory.get(accountId)).skills.get(skillId)
  if (!skill) throw new ParleyError('not_found', `There is no skill "${skillId}"`)
  return skill
}

export async function createSkill(
  room: AccountsRoom,
  accountId: string,
  actor: Actor,
  { name, description, skillId: wantedId }: SkillDraft,
): Promise<Skill> {
  const skillId = await change(room, room.directory, accountId, async (tx) => {
    const id = wantedId ?? (await freeId(tx, accountId))
    const row = { accountId, skillId: id, name, description, createdAt: new Date(room.clock.now()) }
    await refusing(
      { taken: `There is a skill named "${name}" or with the id ${id}` },
      insertSkill(tx, row),
    )
    const entry = { actor, action: 'skill.created', object: `skill:${id}`, details: { name } }
    await recordAudit(room, tx, accountId, entry)
    return id
  })
  return getSkill(room, accountId, skillId)
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

export async function changeSkill(
  room: AccountsRoom,
  accountId: string,
  actor: Actor,
  skillId: string,
  wanted: SkillChange,
): Promise<Skill> {
  const { name, description } = { ...(await getSkill(room, accountId, skillId)), ...wanted }
  await change(room, room.directory, accountId, async (tx) => {
    await refusing(
      { taken: `There is a skill named "${name}"` },
      updateSkill(tx, accountId, skillId, { name, description }),
    )
    const entry = {
      actor,
      action: 'skill.changed',
      object: `skill:${skillId}`,
      details: { ...wanted },
    }
    await recordAudit(room, tx, accountId, entry)
  })
  return getSkill(room, accountId, skillId)
}

export async function deleteSkill(
  room: AccountsRoom,
  accountId: string,
  actor: Actor,
  skillId: string,
): Promise<void> {
  await change(room, room.directory, accountId, async (tx) => {
    if (!(await deleteSkillRow(tx, accountId, skillId))) {
      throw new ParleyError('not_found', `There is no skill "${skillId}"`)
    }
    await recordAudit(room, tx, accountId, {
      actor,
      action: 'skill.deleted',
      object: `skill:${skillId}`,
    })
  })
  room.calendars.changed(accountId)
}
