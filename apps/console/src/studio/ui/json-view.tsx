import { useState } from 'react'
import { operateWords } from '../words/operate.ts'

/** What is deeper is folded at first. */
const OPEN_LEVELS = 3
const FIRST_ITEMS = 100

/** A value as a tree that can be folded. Of long lists the first hundred are in the page. */
export function JsonView({ label, value }: { label: string; value: unknown }) {
  return (
    <div className="json" role="group" aria-label={label}>
      <Value value={value} depth={0} />
    </div>
  )
}

function Value({ name, value, depth }: { name?: string; value: unknown; depth: number }) {
  if (typeof value !== 'object' || value === null) {
    return (
      <div>
        {name !== undefined && <Name name={name} />}
        <bdi className={`json-${value === null ? 'null' : typeof value}`}>{textOf(value)}</bdi>
      </div>
    )
  }
  const entries = Object.entries(value)
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  if (entries.length === 0) {
    return (
      <div>
        {name !== undefined && <Name name={name} />}
        {open + close}
      </div>
    )
  }
  return (
    <details open={depth < OPEN_LEVELS}>
      <summary>
        {name !== undefined && <Name name={name} />}
        <span className="faint">
          {open} {entries.length} {close}
        </span>
      </summary>
      <Members entries={entries} depth={depth + 1} />
    </details>
  )
}

function Members({ entries, depth }: { entries: [string, unknown][]; depth: number }) {
  const [isWhole, setWhole] = useState(false)
  const shown = isWhole ? entries : entries.slice(0, FIRST_ITEMS)
  return (
    <div className="json-members">
      {shown.map(([name, value]) => (
        <Value key={name} name={name} value={value} depth={depth} />
      ))}
      {shown.length < entries.length && (
        <button type="button" className="button quiet" onClick={() => setWhole(true)}>
          {operateWords.more(entries.length - shown.length)}
        </button>
      )}
    </div>
  )
}

function Name({ name }: { name: string }) {
  return (
    <>
      <bdi className="json-name">{name}</bdi>:{' '}
    </>
  )
}

function textOf(value: unknown): string {
  return value === undefined ? 'undefined' : JSON.stringify(value)
}
