import type { ReactNode } from 'react'
import { Checkbox } from 'react-aria-components/Checkbox'

interface Props {
  label: ReactNode
  hint?: string | undefined
  /** Where the label alone does not say of what. */
  'aria-label'?: string
  isSelected: boolean
  isDisabled?: boolean
  onChange: (isSelected: boolean) => void
}

/** Something that is so or not. */
export function CheckBox({ label, hint, ...props }: Props) {
  return (
    <Checkbox {...props} className="check">
      <span className="box" aria-hidden />
      <span>
        {label}
        {hint !== undefined && <span className="faint line wraps">{hint}</span>}
      </span>
    </Checkbox>
  )
}
