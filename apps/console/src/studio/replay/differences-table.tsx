import type { Difference } from '@parley/contract'
import { PlainTable } from '../ui/plain-table.tsx'
import { runWords as t } from '../words/runs.ts'

/** Where a replay is not what was recorded: what was then, and what is now. */
export function DifferencesTable({ differences }: { differences: readonly Difference[] }) {
  return (
    <div className="differences">
      <PlainTable
        label={t.differences}
        rows={differences}
        keyOf={({ part, path }, index) => `${part}-${path}-${index}`}
        columns={[
          {
            head: t.where,
            cell: ({ part, path }) => (
              <>
                {t.parts[part]} <code>{path}</code>
              </>
            ),
          },
          {
            head: t.recorded,
            cell: ({ recorded }) => <Value value={recorded} look="removed" />,
          },
          {
            head: t.replayed,
            cell: ({ replayed }) => <Value value={replayed} look="added" />,
          },
        ]}
      />
    </div>
  )
}

function Value({ value, look }: { value: unknown; look: string }) {
  if (value === undefined) return <span className="faint">{t.absent}</span>
  return (
    <pre className={look} tabIndex={0}>
      <bdi>{typeof value === 'string' ? value : JSON.stringify(value, null, 2)}</bdi>
    </pre>
  )
}
