import { words } from '../words/index.ts'

interface Props {
  name: string
  rows: number
  maxCharacters: number
  required: boolean
  /** What stands in it at first. */
  text?: string
}

/** A field for several lines. What is too long stays as it was pasted, and holds its form back: a browser would cut it without a word. */
export function LongText({ name, rows, maxCharacters, required, text = '' }: Props) {
  function judge(field: HTMLTextAreaElement): void {
    const over = field.value.length - maxCharacters
    field.setCustomValidity(over > 0 ? words.tooLongText(over) : '')
    if (over > 0) field.reportValidity()
  }
  return (
    <textarea
      name={name}
      rows={rows}
      required={required}
      defaultValue={text}
      onInput={({ currentTarget }) => judge(currentTarget)}
    />
  )
}
