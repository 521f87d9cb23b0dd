import { listLogs, type WholeInvocation } from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { ask } from '../api/server.ts'
import { useMay } from '../session/use-session.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { runWords as t } from '../words/runs.ts'
import { words } from '../words/index.ts'

const MOST = 1_000
/** Clocks of nodes differ, and a line may be written while the run ends. */
const AROUND_MS = 60_000

/** What a run has logged, oldest first. */
export function RunLog({ accountId, run }: { accountId: string; run: WholeInvocation }) {
  const mayRead = useMay(accountId, 'log:read')
  const { recordId, invocationId, functionId } = run
  const began = Date.parse(run.startedAt)
  const { data, error } = useQuery({
    queryKey: ['log-of-run', accountId, recordId],
    queryFn: () =>
      ask(accountId, listLogs, {
        query: {
          functionId,
          invocationId,
          from: new Date(began - AROUND_MS).toISOString(),
          to: new Date(began + run.durationMs + AROUND_MS).toISOString(),
          limit: MOST,
        },
      }),
    enabled: mayRead,
  })
  if (error) return <ErrorNotice error={error} />
  if (!data) return null
  // Attempts of one request share its id.
  const lines = data.entries.filter((entry) => entry.recordId === recordId).toReversed()
  if (lines.length === 0) return <p className="faint">{t.noLogs}</p>
  return (
    <ol className="log-lines" tabIndex={0} aria-label={t.logs}>
      {lines.map(({ position, level, message, extras }) => (
        <li key={position} className={level.toLowerCase()}>
          <span className="level">{words.logs.levels[level]}</span> <bdi>{message}</bdi>
          {extras.length > 0 && (
            <code> {extras.map((extra) => JSON.stringify(extra)).join(' ')}</code>
          )}
        </li>
      ))}
    </ol>
  )
}
