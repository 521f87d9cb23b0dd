import type { BotSettings } from '@parley/contract'
import { Field } from '../ui/field.tsx'
import { SkillChoice } from './skill-choice.tsx'
import { botWords as t } from './words.ts'

type Escalation = BotSettings['escalation']

interface Props {
  skills: readonly { skillId: string; name: string }[]
  value: Escalation
  onChange: (value: Escalation) => void
  /** Whether whoever takes it is enough. */
  orNone?: boolean
}

const TEXTS = {
  messageToCustomer: t.toCustomer,
  messageToAgent: t.toAgent,
  transferFailureMessage: t.transferFailure,
} as const satisfies Partial<Record<keyof Escalation, string>>

/** To whom conversations go when the bot fails, and what is said then. */
export function EscalationFields({ skills, value, onChange, orNone = false }: Props) {
  return (
    <fieldset className="form-part">
      <legend>{t.escalation}</legend>
      <SkillChoice
        label={t.escalationSkill}
        skills={skills}
        value={value.skillId}
        onChange={(skillId) => onChange({ ...value, skillId })}
        orNone={orNone}
        member="escalation.skillId"
      />
      {(Object.keys(TEXTS) as (keyof typeof TEXTS)[]).map((name) => (
        <Field
          key={name}
          label={TEXTS[name]}
          hint={t.emptyText}
          lines={2}
          value={value[name]}
          onChange={(text) => onChange({ ...value, [name]: text })}
          maxLength={5_000}
          member={`escalation.${name}`}
        />
      ))}
    </fieldset>
  )
}
