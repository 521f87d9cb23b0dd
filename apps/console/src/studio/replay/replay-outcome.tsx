import type { Difference } from '@parley/contract'
import { refusedTold } from '../words/refused.ts'
import { runWords as t } from '../words/runs.ts'
import { DifferencesTable } from './differences-table.tsx'

interface Props {
  version: number
  differences: readonly Difference[]
  notes: readonly string[]
}

/** Whether a version does the same as the run did, and where it does not. */
export function ReplayOutcome({ version, differences, notes }: Props) {
  const count = differences.length
  return (
    <div className="part">
      <p role="status">
        <strong className={count === 0 ? 'good' : 'warn'}>
          {count === 0 ? t.sameLong(version) : t.differs(version, count)}
        </strong>
      </p>
      {count > 0 && <DifferencesTable differences={differences} />}
      {notes.length > 0 && (
        <details>
          <summary>{t.notes}</summary>
          <ul>
            {notes.map((note) => (
              <li key={note}>{refusedTold(note)}</li>
            ))}
          </ul>
        </details>
      )}
    </div>
  )
}
