import { useId, useState } from 'react'
import { hoursWords as t } from './hours-words.ts'

interface Props {
  /** "Time zone" unless given. */
  label?: string
  value: string
  onChange: (zone: string) => void
}

/** A time zone by a part of its name. */
export function TimeZoneField({ label = t.timeZone, value, onChange }: Props) {
  const id = useId()
  const [zones] = useState(() => Intl.supportedValuesOf('timeZone'))
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        list={`${id}-zones`}
        value={value}
        required
        maxLength={100}
        autoComplete="off"
        onChange={({ target }) => onChange(target.value)}
      />
      <datalist id={`${id}-zones`}>
        {zones.map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
    </div>
  )
}
