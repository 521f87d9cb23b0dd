import { useId } from 'react'

interface CheckProps {
  label: string
  hint?: string | undefined
  isOn: boolean
  onChange: (isOn: boolean) => void
}

/** Something that is so, or not. */
export function Check({ label, hint, isOn, onChange }: CheckProps) {
  const id = useId()
  return (
    <div>
      <label className="check">
        <input
          type="checkbox"
          checked={isOn}
          onChange={({ target }) => onChange(target.checked)}
          {...(hint !== undefined && { 'aria-describedby': id })}
        />
        {label}
      </label>
      {hint !== undefined && (
        <p id={id} className="faint">
          {hint}
        </p>
      )}
    </div>
  )
}

interface ChecksProps<Id extends string> {
  label: string
  hint?: string | undefined
  options: readonly { id: Id; name: string }[]
  value: readonly Id[]
  onChange: (value: Id[]) => void
  /** What stands there where there is nothing to choose. */
  none?: string
  problem?: string | undefined
}

/** Any number of several. */
export function Checks<Id extends string>(props: ChecksProps<Id>) {
  const { label, hint, options, value, onChange, none, problem } = props
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
          <label key={option.id} className="check">
            <input
              type="checkbox"
              checked={value.includes(option.id)}
              onChange={({ target }) =>
                onChange(
                  target.checked
                    ? [...value, option.id]
                    : value.filter((known) => known !== option.id),
                )
              }
            />
            {option.name}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
