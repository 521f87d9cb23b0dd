import { Field } from './field.tsx'

interface Props {
  label: string
  hint?: string | undefined
  /** `NaN` while nothing stands there. */
  value: number
  onChange: (value: number) => void
  /** As of a `Field`. */
  member?: string
  problem?: string | undefined
  isDisabled?: boolean
  isRequired?: boolean
}

/** A number. */
export function Amount({ value, onChange, ...props }: Props) {
  return (
    <Field
      {...props}
      type="number"
      inputMode="numeric"
      value={Number.isNaN(value) ? '' : String(value)}
      onChange={(text) => onChange(text.trim() === '' ? Number.NaN : Number(text))}
    />
  )
}
