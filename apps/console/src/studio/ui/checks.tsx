import { useId, useState } from 'react'
import { words } from '../words/index.ts'
import { CheckBox } from './check-box.tsx'
import { Field } from './field.tsx'
import { useProblem } from './form.tsx'
import { isLike } from './is-like.ts'

/** From so many on there is a field to find one by its name. */
const MANY = 10
/** So many are drawn at once: a browser is slow to draw hundreds, and nobody goes through them by keys. */
const MAX_DRAWN = 50

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

/**
 * Any number of several. Of many, those that are chosen come first, and any is found by its name. One that is chosen and not there any
 * more has its id for a name: it can be taken out.
 */
export function Checks<Id extends string>(props: Props<Id>) {
  const { label, hint, value, onChange, none, member } = props
  const wrong = useProblem(member)
  const { problem = wrong } = props
  const id = useId()
  const said = problem ?? hint
  const [wanted, setWanted] = useState('')
  // As they were when the list was made: nothing moves away from under the pointer.
  const [first, setFirst] = useState(() => new Set(value))
  const known = new Set(props.options.map((option) => option.id))
  const former = value.filter((one) => !known.has(one))
  const options = [...props.options, ...former.map((one) => ({ id: one, name: one }))]
  const isLong = options.length > MANY
  const found = isLong ? foundIn(options, wanted, first) : options
  const left = found.length - MAX_DRAWN

  function search(text: string): void {
    setWanted(text)
    setFirst(new Set(value))
  }
  return (
    <fieldset className="check-group" {...(said !== undefined && { 'aria-describedby': id })}>
      <legend>{isLong ? `${label} (${value.length})` : label}</legend>
      {said !== undefined && (
        <p id={id} className={problem === undefined ? 'faint' : 'bad'}>
          {said}
        </p>
      )}
      {options.length === 0 && <p className="faint">{none}</p>}
      {isLong && (
        <Field
          label=""
          aria-label={`${words.common.search}: ${label}`}
          placeholder={words.common.search}
          type="search"
          value={wanted}
          onChange={search}
          // Whoever looks for one is not done with the form.
          onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
        />
      )}
      <div className="check-group-list">
        {found.slice(0, MAX_DRAWN).map((option) => (
          <CheckBox
            key={option.id}
            label={<bdi>{option.name}</bdi>}
            isSelected={value.includes(option.id)}
            onChange={(is) =>
              onChange(is ? [...value, option.id] : value.filter((known) => known !== option.id))
            }
          />
        ))}
      </div>
      {isLong && (
        <p role="status" className="faint">
          {found.length === 0 && words.common.nothingLike}
          {left > 0 && words.common.moreToFind(left)}
        </p>
      )}
    </fieldset>
  )
}

function foundIn<Option extends { id: string; name: string }>(
  options: readonly Option[],
  wanted: string,
  first: ReadonlySet<string>,
): Option[] {
  return options
    .filter(({ name }) => isLike([name], wanted))
    .toSorted((one, another) => Number(first.has(another.id)) - Number(first.has(one.id)))
}
