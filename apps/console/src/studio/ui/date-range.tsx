import { useState } from 'react'
import { serverNow } from '../api/server-time.ts'
import { Field } from './field.tsx'
import { Choice } from './choice.tsx'
import { operateWords } from '../words/operate.ts'

const HOUR_MS = 3_600_000
const SPANS = { hour: HOUR_MS, day: 24 * HOUR_MS, week: 7 * 24 * HOUR_MS, month: 30 * 24 * HOUR_MS }
type Span = keyof typeof SPANS
const ALL = 'all'
const OWN = 'own'

/** Instants of ISO 8601; an end that is undefined is open. */
export interface Range {
  from: string | undefined
  to: string | undefined
}

interface Props extends Range {
  onChange: (range: Range) => void
}

/** From when to when: a span until now, or two times of the reader's own zone. */
export function DateRange({ from, to, onChange }: Props) {
  const t = operateWords.range
  const isLimited = from !== undefined || to !== undefined
  // Not from the times: while somebody writes one, there may be none.
  const [isChosen, setChosen] = useState(isLimited)
  const isOwn = isChosen || isLimited

  function choose(id: string): void {
    setChosen(id !== ALL)
    if (id === ALL) onChange({ from: undefined, to: undefined })
    else if (id in SPANS) {
      const begin = serverNow() - SPANS[id as Span]
      // To the minute, so that one address leads to one answer.
      onChange({
        from: new Date(Math.floor(begin / 60_000) * 60_000).toISOString(),
        to: undefined,
      })
    }
  }

  return (
    <>
      <Choice
        label={t.label}
        value={isOwn ? OWN : ALL}
        options={[
          { id: ALL, name: t.all },
          ...(Object.keys(SPANS) as Span[]).map((id) => ({ id, name: t.spans[id] })),
          { id: OWN, name: t.own },
        ]}
        onChange={choose}
      />
      {isOwn && (
        <>
          <TimeField label={t.from} at={from} onChange={(at) => onChange({ from: at, to })} />
          <TimeField label={t.to} at={to} onChange={(at) => onChange({ from, to: at })} />
        </>
      )}
    </>
  )
}

interface TimeFieldProps {
  label: string
  at: string | undefined
  onChange: (at: string | undefined) => void
}

/** What is typed stays as it is until the field is left: a half-written time is none, and changes nothing. */
function TimeField({ label, at, onChange }: TimeFieldProps) {
  const [typed, setTyped] = useState<string>()
  return (
    <Field
      label={label}
      type="datetime-local"
      value={typed ?? localOf(at)}
      onInput={({ currentTarget: { value, validity } }) => {
        setTyped(value)
        if (!validity.badInput) onChange(instantOf(value))
      }}
      onBlur={({ currentTarget: { value, validity } }) => {
        setTyped(undefined)
        // Browsers do not tell when the last part of a half-written time is taken out.
        if (value === '' && at !== undefined && !validity.badInput) onChange(undefined)
      }}
    />
  )
}

function localOf(instant: string | undefined): string {
  if (instant === undefined || Number.isNaN(Date.parse(instant))) return ''
  const at = new Date(instant)
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

function instantOf(local: string): string | undefined {
  const at = Date.parse(local)
  return Number.isNaN(at) ? undefined : new Date(at).toISOString()
}
