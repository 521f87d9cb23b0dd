import { serverNow } from '../api/server-time.ts'
import { Field } from './field.tsx'
import { Choice } from './choice.tsx'
import { operateWords } from '../words/operate.ts'

const HOUR_MS = 3_600_000
const SPANS = { hour: HOUR_MS, day: 24 * HOUR_MS, week: 7 * 24 * HOUR_MS, month: 30 * 24 * HOUR_MS }
type Span = keyof typeof SPANS
const ALL = 'all'
const OWN = 'own'

export interface Range {
  /** Instants of ISO 8601; an end that is absent is open. */
  from?: string | undefined
  to?: string | undefined
}

interface Props extends Range {
  onChange: (range: Range) => void
}

/** From when to when: a span until now, or two times of the reader's own zone. */
export function DateRange({ from, to, onChange }: Props) {
  const t = operateWords.range
  const isAll = from === undefined && to === undefined

  function choose(id: string): void {
    if (id === ALL) onChange({})
    else if (id in SPANS) {
      const begin = serverNow() - SPANS[id as Span]
      // To the minute, so that one address leads to one answer.
      onChange({ from: new Date(Math.floor(begin / 60_000) * 60_000).toISOString() })
    }
  }

  return (
    <>
      <Choice
        label={t.label}
        value={isAll ? ALL : OWN}
        options={[
          { id: ALL, name: t.all },
          ...(Object.keys(SPANS) as Span[]).map((id) => ({ id, name: t.spans[id] })),
          ...(isAll ? [] : [{ id: OWN, name: t.own }]),
        ]}
        onChange={choose}
      />
      {!isAll && (
        <>
          <Field
            label={t.from}
            type="datetime-local"
            value={localOf(from)}
            onChange={(text) => onChange({ from: instantOf(text), to })}
          />
          <Field
            label={t.to}
            type="datetime-local"
            value={localOf(to)}
            onChange={(text) => onChange({ from, to: instantOf(text) })}
          />
        </>
      )}
    </>
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
