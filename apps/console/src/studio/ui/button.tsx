import { Button as AriaButton, type ButtonProps } from 'react-aria-components/Button'
import {
  ToggleButton as AriaToggleButton,
  type ToggleButtonProps,
} from 'react-aria-components/ToggleButton'

interface Props extends ButtonProps {
  /** `primary` for the one thing that a page is for, `danger` for what cannot be undone. */
  kind?: 'plain' | 'primary' | 'danger' | 'quiet'
}

export function Button({ kind = 'plain', className, ...props }: Props) {
  return <AriaButton {...props} className={`button ${kind} ${String(className ?? '')}`} />
}

/** Something that is on or off. */
export function ToggleButton(props: ToggleButtonProps) {
  return <AriaToggleButton {...props} className="button quiet toggle" />
}
