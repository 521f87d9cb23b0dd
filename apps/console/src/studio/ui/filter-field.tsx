import { useState } from 'react'
import { Field } from './field.tsx'

interface Props {
  label: string
  maxLength?: number
  /** What stands in the address. */
  value: string | undefined
  onChange: (value: string | undefined) => void
  onFocusChange?: (isFocused: boolean) => void
}

/**
 * Words that limit a list while they are typed. The address follows a moment later: until the field is left, it shows what was typed,
 * or the cursor would jump to the end. What is too long is told, and not looked for.
 */
export function FilterField({ value = '', onChange, ...field }: Props) {
  const [typed, setTyped] = useState<string>()
  const { maxLength = Number.POSITIVE_INFINITY } = field
  return (
    <Field
      {...field}
      type="search"
      validationBehavior="aria"
      value={typed ?? value}
      onChange={(text) => {
        setTyped(text)
        if (text.length <= maxLength) onChange(text || undefined)
      }}
      onBlur={() => setTyped((now = '') => (now.length > maxLength ? now : undefined))}
    />
  )
}
