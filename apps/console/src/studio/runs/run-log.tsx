import { listLogs, type WholeInvocation } from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { ask } from '../api/server.ts'
import { useMay } from '../session/use-session.ts'
import { Loaded } from '../ui/loaded.tsx'
import { LogLines } from '../ui/log-lines.tsx'
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
  const query = useQuery({
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
  if (!mayRead) return <p className="faint">{words.logs.mayNot}</p>
  return (
    <Loaded query={query}>
      {({ entries }) => {
        // Attempts of one request share its id.
        const lines = entries.filter((entry) => entry.recordId === recordId).toReversed()
        if (lines.length === 0) return <p className="faint">{t.noLogs}</p>
        return <LogLines label={t.logs} lines={lines} />
      }}
    </Loaded>
  )
}
