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
  onChange: (id: Id | undefined) => void
}

/** All, or one of several. */
export function Filter<Id extends string>({
  label,
  all = operateWords.all,
  options,
  value,
  onChange,
}: Props<Id>) {
  return (
    <Choice
      label={label}
      value={value ?? ALL}
      options={[{ id: ALL, name: all }, ...options]}
      onChange={(chosen) => onChange(options.find(({ id }) => id === chosen)?.id)}
    />
  )
}
