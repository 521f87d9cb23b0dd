import { useState } from 'react'
import { Field } from './field.tsx'

interface Props {
  label: string
  maxLength?: number
  /** What stands in the address. */
  value: string | undefined
  onChange: (value: string | undefined) => void
}

/**
 * Words that limit a list while they are typed. The address follows a moment later: until the field is left, it shows what was typed,
 * or the cursor would jump to the end.
 */
export function FilterField({ value = '', onChange, ...field }: Props) {
  const [typed, setTyped] = useState<string>()
  return (
    <Field
      {...field}
      type="search"
      value={typed ?? value}
      onChange={(text) => {
        setTyped(text)
        onChange(text || undefined)
      }}
      onBlur={() => setTyped(undefined)}
    />
  )
}
