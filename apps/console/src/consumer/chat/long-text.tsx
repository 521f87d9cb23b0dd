import { atMost } from './text-length.ts'

interface Props {
  name: string
  rows: number
  maxCharacters: number
  required: boolean
  /** What stands in it at first. */
  text?: string
}

/** A field for several lines. */
export function LongText({ name, rows, maxCharacters, required, text = '' }: Props) {
  return (
    <textarea
      name={name}
      rows={rows}
      required={required}
      defaultValue={text}
      onInput={atMost(maxCharacters)}
    />
  )
}
