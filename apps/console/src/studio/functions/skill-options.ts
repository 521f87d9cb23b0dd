import { formerSkillId, type FunctionSummary, type Skill } from '@parley/contract'
import { words } from '../words/index.ts'

interface Known {
  skills: readonly Skill[]
  functions: readonly FunctionSummary[]
}

/** A skill that is deleted says so: its function answers in no conversation. */
export function nameOfSkill(skill: string, skillName: (id: string) => string): string {
  const former = formerSkillId(skill)
  return former === undefined ? skillName(skill) : words.functions.deletedSkill(former)
}

/** The skills of the account, and deleted ones that are chosen, to be taken away; one whose conversations a deployed function of the same event answers already names that. */
export function skillOptions(
  { skills, functions }: Known,
  { eventId, functionId }: { eventId: string; functionId?: string },
  saved: readonly string[] = [],
): { id: string; name: string }[] {
  const others = functions.filter(
    (one) =>
      one.eventId === eventId && one.liveVersion !== undefined && one.functionId !== functionId,
  )
  const deleted = saved.flatMap((id) => {
    const former = formerSkillId(id)
    return former === undefined ? [] : [{ id, name: words.functions.deletedSkill(former) }]
  })
  const present = skills.map(({ skillId, name }) => {
    const other = others.find((one) => one.skills.includes(skillId))
    return { id: skillId, name: other ? `${name} (${other.name})` : name }
  })
  return [...present, ...deleted]
}
