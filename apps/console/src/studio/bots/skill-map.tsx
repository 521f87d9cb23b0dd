import { Plus } from 'lucide-react'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { refusedTold } from '../words/refused.ts'
import { SkillChoice } from './skill-choice.tsx'
import { botWords as t } from './words.ts'

type Entry = [from: string, skillId: string]

interface Props {
  skills: readonly { skillId: string; name: string }[]
  value: readonly Entry[]
  onChange: (value: Entry[]) => void
  /** What is wrong with the skills of the export, by the places of their rows. */
  problems: ReadonlyMap<number, string>
}

/** Which skills of this account stand for those of the export. */
export function SkillMap({ skills, value, onChange, problems }: Props) {
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
            problem={problems.get(at)}
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

/** What of it a record of skills cannot have: one twice, or none. A row in which nothing stands is none. */
export function problemsOfMap(entries: readonly Entry[]): ReadonlyMap<number, string> {
  const first = new Set<string>()
  return new Map(
    entries.flatMap(([from, skillId], at) => {
      if (from === '')
        return skillId === '' ? [] : [[at, refusedTold('must not be empty')] as const]
      if (first.has(from)) return [[at, t.sameSkill] as const]
      first.add(from)
      return []
    }),
  )
}
