interface Props<Id extends string> {
  label: string
  tabs: readonly { id: Id; name: string }[]
  value: Id
  onChange: (id: Id) => void
}

/** Which part of a page is shown. The address says it, too. */
export function Tabs<Id extends string>({ label, tabs, value, onChange }: Props<Id>) {
  return (
    <nav className="tabs" aria-label={label}>
      {tabs.map(({ id, name }) => (
        <button
          key={id}
          type="button"
          aria-current={id === value ? 'page' : undefined}
          onClick={() => onChange(id)}
        >
          {name}
        </button>
      ))}
    </nav>
  )
}
