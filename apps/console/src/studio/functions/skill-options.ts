import type { FunctionSummary, Skill } from '@parley/contract'

interface Known {
  skills: readonly Skill[]
  functions: readonly FunctionSummary[]
}

/** The skills of the account; one whose conversations a deployed function of the same event answers already names that. */
export function skillOptions(
  { skills, functions }: Known,
  { eventId, functionId }: { eventId: string; functionId?: string },
): { id: string; name: string }[] {
  const others = functions.filter(
    (one) =>
      one.eventId === eventId && one.liveVersion !== undefined && one.functionId !== functionId,
  )
  return skills.map(({ skillId, name }) => {
    const other = others.find((one) => one.skills.includes(skillId))
    return { id: skillId, name: other ? `${name} (${other.name})` : name }
  })
}
