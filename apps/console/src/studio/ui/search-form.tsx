import { type FormEvent, useState } from 'react'
import { operateWords } from '../words/operate.ts'
import { Button } from './button.tsx'
import { Field } from './field.tsx'

interface Props<Name extends string> {
  fields: readonly { name: Name; label: string; hint?: string; maxLength?: number }[]
  /** What is searched for now. */
  values: Readonly<Partial<Record<Name, string | undefined>>>
  onSearch: (values: Record<Name, string | undefined>) => void
}

/** Words to search for. What is typed counts when it is sent: each search is noted by the server, or reads messages. */
export function SearchForm<Name extends string>(props: Props<Name>) {
  // What somebody else changes in the address stands in the fields, too.
  return (
    <Fields key={JSON.stringify(props.fields.map(({ name }) => props.values[name]))} {...props} />
  )
}

function Fields<Name extends string>({ fields, values, onSearch }: Props<Name>) {
  const [typed, setTyped] = useState(values)
  function submit(submitted: FormEvent): void {
    submitted.preventDefault()
    const wanted = fields.map(({ name }) => [name, typed[name]?.trim() || undefined] as const)
    onSearch(Object.fromEntries(wanted) as Record<Name, string | undefined>)
  }
  return (
    <form className="filters" onSubmit={submit}>
      {fields.map(({ name, ...field }) => (
        <Field
          key={name}
          {...field}
          type="search"
          value={typed[name] ?? ''}
          onChange={(text) => setTyped((old) => ({ ...old, [name]: text }))}
        />
      ))}
      <Button type="submit">{operateWords.search}</Button>
    </form>
  )
}
