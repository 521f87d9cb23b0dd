import type { Skill } from '@parley/contract'
import { useState } from 'react'
import { CheckBox } from '../ui/check-box.tsx'
import { Field } from '../ui/field.tsx'
import { peopleWords as t } from './words.ts'

/** From so many on there is a field to find one by its name. */
const MANY = 10

interface Props {
  skills: readonly Skill[]
  chosen: readonly string[]
  onToggle: (skillId: string) => void
}

/** Any number of skills; those that are chosen come first, as they were when it was opened. */
export function SkillChoice({ skills, chosen, onToggle }: Props) {
  const [wanted, setWanted] = useState('')
  const [first] = useState(() => new Set(chosen))
  const shown = skills
    .filter(({ name }) => name.toLowerCase().includes(wanted.trim().toLowerCase()))
    .toSorted((one, another) => Number(first.has(another.skillId)) - Number(first.has(one.skillId)))
  return (
    <fieldset className="checks">
      <legend>
        {t.skills} ({chosen.length})
      </legend>
      {skills.length === 0 && <p className="faint">{t.noSkills}</p>}
      {skills.length > MANY && (
        <Field label={t.findSkill} type="search" value={wanted} onChange={setWanted} />
      )}
      <div className="checks-list">
        {shown.map(({ skillId, name }) => (
          <CheckBox
            key={skillId}
            label={<bdi>{name}</bdi>}
            isSelected={chosen.includes(skillId)}
            onChange={() => onToggle(skillId)}
          />
        ))}
      </div>
    </fieldset>
  )
}
