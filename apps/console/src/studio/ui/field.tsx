import {
  FieldError,
  Input,
  Label,
  Text,
  TextArea,
  TextField,
  type TextFieldProps,
} from 'react-aria-components'

interface Props extends Omit<TextFieldProps, 'children'> {
  label: string
  hint?: string | undefined
  /** Number of lines; one unless given. */
  lines?: number
}

/** A labelled text field, with what is wrong with it. */
export function Field({ label, hint, lines, ...props }: Props) {
  return (
    <TextField {...props} className="field">
      <Label>{label}</Label>
      {lines === undefined ? <Input /> : <TextArea rows={lines} />}
      {hint !== undefined && <Text slot="description">{hint}</Text>}
      <FieldError />
    </TextField>
  )
}
