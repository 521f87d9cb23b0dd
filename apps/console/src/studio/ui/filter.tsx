import { operateWords } from '../words/operate.ts'
import { Choice } from './choice.tsx'

const ALL = 'all'

interface Props<Id extends string> {
  label: string
  /** The word for all of them, where it is not "All". */
  all?: string
  options: readonly { id: Id; name: string }[]
  /** Undefined for all. */
  value: Id | undefined
  /** The name of what is chosen and is none of the options, such as what has gone or could not be read; its id without it. */
  nameOf?: (id: Id) => string
  onChange: (id: Id | undefined) => void
}

/** All, or one of several. */
export function Filter<Id extends string>({
  label,
  all = operateWords.all,
  options,
  value,
  nameOf = String,
  onChange,
}: Props<Id>) {
  const isOther = value !== undefined && options.every(({ id }) => id !== value)
  return (
    <Choice
      label={label}
      value={value ?? ALL}
      options={[
        { id: ALL, name: all },
        ...options,
        ...(isOther ? [{ id: value, name: nameOf(value) }] : []),
      ]}
      onChange={(chosen) =>
        onChange(chosen === value ? value : options.find(({ id }) => id === chosen)?.id)
      }
    />
  )
}
