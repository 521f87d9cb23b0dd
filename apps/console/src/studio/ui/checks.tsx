import { useId } from 'react'
import { CheckBox } from './check-box.tsx'
import { useProblem } from './form.tsx'

interface Props<Id extends string> {
  label: string
  hint?: string | undefined
  options: readonly { id: Id; name: string }[]
  value: readonly Id[]
  onChange: (value: Id[]) => void
  /** What stands there where there is nothing to choose. */
  none?: string
  /** Which member of the form's body it is: what is wrong with that is said here. */
  member?: string
  problem?: string | undefined
}

/** Any number of several. */
export function Checks<Id extends string>(props: Props<Id>) {
  const { label, hint, options, value, onChange, none, member } = props
  const found = useProblem(member)
  const { problem = found } = props
  const id = useId()
  const said = problem ?? hint
  return (
    <fieldset className="check-group" {...(said !== undefined && { 'aria-describedby': id })}>
      <legend>{label}</legend>
      {said !== undefined && (
        <p id={id} className={problem === undefined ? 'faint' : 'bad'}>
          {said}
        </p>
      )}
      {options.length === 0 && <p className="faint">{none}</p>}
      <div className="check-group-list">
        {options.map((option) => (
          <CheckBox
            key={option.id}
            label={option.name}
            isSelected={value.includes(option.id)}
            onChange={(is) =>
              onChange(is ? [...value, option.id] : value.filter((known) => known !== option.id))
            }
          />
        ))}
      </div>
    </fieldset>
  )
}
