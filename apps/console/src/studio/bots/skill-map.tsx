import { Plus } from 'lucide-react'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { SkillChoice } from './skill-choice.tsx'
import { botWords as t } from './words.ts'

type Entry = [from: string, skillId: string]

interface Props {
  skills: readonly { skillId: string; name: string }[]
  value: readonly Entry[]
  onChange: (value: Entry[]) => void
}

/** Which skills of this account stand for those of the export. */
export function SkillMap({ skills, value, onChange }: Props) {
  const put = (at: number, entry: Entry): void => onChange(value.with(at, entry))
  return (
    <fieldset className="form-part">
      <legend>{t.skillMap}</legend>
      <p className="faint">{t.skillMapHint}</p>
      {value.map(([from, skillId], at) => (
        <div key={at} className="variable">
          <Field
            label={t.fromSkill}
            value={from}
            onChange={(text) => put(at, [text, skillId])}
            maxLength={200}
          />
          <SkillChoice
            label={t.toSkill}
            skills={skills}
            value={skillId}
            onChange={(id) => put(at, [from, id])}
            member={`skillMap.${from}`}
          />
          <Button
            kind="quiet"
            aria-label={t.removeEntry(from)}
            onPress={() => onChange(value.toSpliced(at, 1))}
          >
            {t.remove}
          </Button>
        </div>
      ))}
      <p>
        <Button onPress={() => onChange([...value, ['', '']])}>
          <Plus aria-hidden size={16} />
          {t.add}
        </Button>
      </p>
    </fieldset>
  )
}
