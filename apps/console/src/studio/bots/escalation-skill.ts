import { NO_SKILL } from '@parley/contract'
import { nameOfSkill } from '../functions/skill-options.ts'
import { botWords as t } from './words.ts'

/** Where a bot hands over to: a skill, one that is deleted, or whoever takes it. */
export function escalationSkill(skillId: string, skillName: (id: string) => string): string {
  return skillId === NO_SKILL ? t.noSkillChosen : nameOfSkill(skillId, skillName)
}
