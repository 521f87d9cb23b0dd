import { CheckBox } from '../ui/check-box.tsx'
import { Choice } from '../ui/choice.tsx'
import { Field } from '../ui/field.tsx'
import { locale } from '../words/index.ts'
import type { FieldOfGroup, Value } from './fields.ts'
import { readable } from './readable.ts'
import { limitWords as t } from './words.ts'

interface Props {
  label: string
  /** The word for `null`. */
  none: string
  field: FieldOfGroup
  value: Value
  isDisabled: boolean
  problem: string | undefined
  onChange: (value: Value) => void
}

/** A figure or a choice; where it may be left open, a switch for that. */
export function SettingInput({ label, none, field, value, isDisabled, problem, onChange }: Props) {
  const { name, kind, choices, initial, least, mayBeNull } = field
  if (kind === 'choice') {
    if (isDisabled) return t.choice(String(value))
    return (
      <Choice
        label={label}
        value={String(value)}
        options={choices.map((id) => ({ id, name: t.choice(id) }))}
        onChange={onChange}
      />
    )
  }
  if (isDisabled) return value === null ? none : readable(name, Number(value), locale)
  return (
    <>
      {value !== null && (
        <Field
          aria-label={label}
          label=""
          inputMode="numeric"
          value={String(value)}
          isInvalid={problem !== undefined}
          hint={problem ?? hintOf(name, value)}
          // What is no number goes to the server as it is, which says what is wrong.
          onChange={(text) => onChange(/^-?\d+$/.test(text.trim()) ? Number(text) : text)}
        />
      )}
      {mayBeNull && (
        <CheckBox
          label={none}
          aria-label={`${none}: ${label}`}
          isSelected={value === null}
          onChange={(is) => onChange(is ? null : (initial ?? least ?? 1))}
        />
      )}
    </>
  )
}

/** What a large figure is, read aloud. */
function hintOf(name: string, value: number | string): string | undefined {
  // The name says days already.
  if (typeof value !== 'number' || /days$/i.test(name)) return undefined
  const text = readable(name, value, locale)
  return text === value.toLocaleString(locale) ? undefined : text
}
