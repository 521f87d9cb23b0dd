import { getReplayedRun, type ReplayedRun } from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { RotateCcw } from 'lucide-react'
import { useState } from 'react'
import { ask } from '../api/server.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Instant } from '../ui/time.tsx'
import { useUnread } from '../ui/use-unread.tsx'
import { refusedTold } from '../words/refused.ts'
import { replayWords as t } from '../words/replay.ts'
import { runWords } from '../words/runs.ts'
import { DifferencesTable } from './differences-table.tsx'
import { useReplayJob } from './use-replay-job.ts'

interface Props {
  accountId: string
  functionId: string
  /** Saves what is not saved: the server replays on what it has. */
  prepare: () => Promise<unknown>
}

/** What the last runs would do on the draft: progress, a count, and each that differs. */
export function ReplayRecent({ accountId, functionId, prepare }: Props) {
  const { job, runs, error, query, start, cancel, isRunning } = useReplayJob(accountId, functionId)
  const { notice } = useUnread(query)
  return (
    <section className="part" aria-label={t.title}>
      <h2>{t.title}</h2>
      {!job && <p className="faint">{t.hint}</p>}
      <div className="replay-bar">
        <Button
          data-action
          isPending={start.isPending}
          isDisabled={isRunning}
          onPress={() => start.mutate(prepare)}
        >
          <RotateCcw aria-hidden size={16} />
          {job ? t.again : t.start}
        </Button>
        {isRunning && (
          <Button isPending={cancel.isPending} onPress={() => cancel.mutate()}>
            {t.cancel}
          </Button>
        )}
      </div>
      {error && <ErrorNotice error={error} />}
      {notice}
      {job && isRunning && (
        <progress aria-label={t.progress(job.done, job.total)} value={job.done} max={job.total} />
      )}
      <div role="status">
        {job && (
          <p>
            {job.state === 'cancelled' && `${t.stopped} `}
            {isRunning ? (
              t.progress(job.done, job.total)
            ) : (
              <strong className={job.same === job.total ? 'good' : 'warn'}>
                {t.summary(job.same, job.different, job.notReplayed)}
              </strong>
            )}
          </p>
        )}
      </div>
      {job?.problem !== undefined && <p className="bad">{refusedTold(job.problem)}</p>}
      {job && !isRunning && job.reasons.length > 0 && (
        <ul>
          {job.reasons.map(({ kind, count, says }) => (
            <li key={kind}>
              {count} × {refusedTold(says)}
            </li>
          ))}
        </ul>
      )}
      {job && runs && (
        <ol className="replayed" aria-label={t.list}>
          {runs.runs
            .filter(({ state }) => state === 'different')
            .map((run) => (
              <Replayed key={run.recordId} accountId={accountId} jobId={job.jobId} run={run} />
            ))}
        </ol>
      )}
      {runs?.next !== undefined && <p className="faint">{t.more}</p>}
    </section>
  )
}

interface ReplayedProps {
  accountId: string
  jobId: string
  run: ReplayedRun
}

/** One run that differs; where, is read when it is opened. */
function Replayed({ accountId, jobId, run }: ReplayedProps) {
  const { recordId, startedAt, differenceCount } = run
  const [isOpen, setOpen] = useState(false)
  const query = useQuery({
    queryKey: ['replayed-run', accountId, jobId, recordId],
    queryFn: () => ask(accountId, getReplayedRun, { params: { jobId, recordId } }),
    enabled: isOpen,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const { data } = query
  const { notice } = useUnread(query)
  return (
    <li>
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <Instant at={startedAt} /> · {t.different(differenceCount)}
        </summary>
        {notice}
        {data && <DifferencesTable differences={data.differences} />}
        {data?.isCut && <p className="faint">{t.cut}</p>}
        {data && data.notes.length > 0 && (
          <p className="faint">
            {runWords.notes}: {data.notes.map(refusedTold).join(' · ')}
          </p>
        )}
        <Link to="/$accountId/runs/$recordId" params={{ accountId, recordId }}>
          {t.open}
        </Link>
      </details>
    </li>
  )
}
