import { useId } from 'react'
import { FieldError } from 'react-aria-components/FieldError'
import { Input } from 'react-aria-components/Input'
import { Label } from 'react-aria-components/Label'
import { Text } from 'react-aria-components/Text'
import { TextArea } from 'react-aria-components/TextArea'
import { TextField, type TextFieldProps } from 'react-aria-components/TextField'
import { words } from '../words/index.ts'
import { useProblem } from './form.tsx'

interface Props extends Omit<TextFieldProps, 'children' | 'value' | 'defaultValue'> {
  value: string
  /** Empty where the place says what it is; then `aria-label` does, too. */
  label: string
  hint?: string | undefined
  /** Number of lines; one unless given. */
  lines?: number
  /** What counts while nothing is typed. */
  placeholder?: string
  /** Which member of the form's body it is: what is wrong with that is said here. */
  member?: string
  /** What is wrong with what stands there. */
  problem?: string | undefined
  /** Texts that the browser offers while something is typed. */
  suggestions?: readonly string[]
}

/**
 * A labelled text field, with what is wrong with it. What is longer than `maxLength` stays as it was pasted, and holds the form back: a
 * browser would cut it without a word.
 */
export function Field(all: Props) {
  const { label, hint, lines, placeholder, member, maxLength, suggestions, ...props } = all
  const listId = useId()
  const found = useProblem(member)
  const { problem = found, ...rest } = props
  const shown = placeholder === undefined ? {} : { placeholder }
  const list = suggestions === undefined ? {} : { list: listId }
  const over = maxLength === undefined ? 0 : rest.value.length - maxLength
  // What the server has said is no reason for the browser to hold the form back.
  const wrong =
    over > 0
      ? { isInvalid: true }
      : problem === undefined
        ? {}
        : ({ isInvalid: true, validationBehavior: 'aria' } as const)
  return (
    <TextField {...rest} {...wrong} className="field">
      {label !== '' && <Label>{label}</Label>}
      {lines === undefined ? <Input {...shown} {...list} /> : <TextArea rows={lines} {...shown} />}
      {suggestions !== undefined && (
        <datalist id={listId}>
          {suggestions.map((suggestion) => (
            <option key={suggestion} value={suggestion} />
          ))}
        </datalist>
      )}
      {hint !== undefined && <Text slot="description">{hint}</Text>}
      <FieldError>{over > 0 ? words.common.tooLong(over) : problem}</FieldError>
    </TextField>
  )
}
