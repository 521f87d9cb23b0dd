/**
 * The functions of an event that a conversation of this skill runs: those of the skill, else those without skills.
 * Without a skill all of them.
 */
export function matchSkill<Deployed extends { skills: readonly string[] }>(
  functions: readonly Deployed[],
  skillId: string | undefined,
): readonly Deployed[] {
  if (skillId === undefined) return functions
  const own = functions.filter(({ skills }) => skills.includes(skillId))
  return own.length > 0 ? own : functions.filter(({ skills }) => skills.length === 0)
}
