import { NO_SKILL } from '@parley/contract'
import { nameOfSkill } from '../functions/skill-options.ts'
import { Choice } from '../ui/choice.tsx'
import { botWords as t } from './words.ts'

interface Props {
  label: string
  skills: readonly { skillId: string; name: string }[]
  value: string
  onChange: (skillId: string) => void
  /** Whether it may be none. */
  orNone?: boolean
  member: string
}

/** One skill of the account. One that is not there any more stays chosen until another one is. */
export function SkillChoice({ skills, value, onChange, orNone = false, ...props }: Props) {
  const options = skills.map(({ skillId, name }) => ({ id: skillId, name }))
  const mayBeNone = orNone || value === NO_SKILL
  const isKnown = ['', NO_SKILL].includes(value) || skills.some(({ skillId }) => skillId === value)
  return (
    <Choice
      {...props}
      value={value}
      options={[
        ...(value === '' ? [{ id: '', name: t.pick }] : []),
        ...(mayBeNone ? [{ id: NO_SKILL, name: t.noSkillChosen }] : []),
        ...options,
        ...(isKnown ? [] : [{ id: value, name: nameOfSkill(value, (id) => id) }]),
      ]}
      onChange={onChange}
    />
  )
}
