import { listScheduleRuns, type Schedule } from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { ask } from '../api/server.ts'
import { Listed } from '../ui/listed.tsx'
import { ReadingDialog } from '../ui/reading-dialog.tsx'
import { Ago } from '../ui/time.tsx'
import { scheduleWords } from '../words/schedules.ts'

interface Props {
  accountId: string
  schedule: Schedule
  onClose: () => void
}

/** What a schedule did, newest first. */
export function HistoryDialog({ accountId, schedule: { scheduleId }, onClose }: Props) {
  const t = scheduleWords
  const query = useQuery({
    queryKey: ['schedule-runs', accountId, scheduleId],
    queryFn: () => ask(accountId, listScheduleRuns, { params: { scheduleId } }),
  })
  return (
    <ReadingDialog title={t.history} onClose={onClose}>
      <Listed
        label={t.history}
        query={query}
        rowsOf={({ runs }) => runs}
        keyOf={({ invocationId }) => invocationId}
        empty={<p className="faint">{t.noHistory}</p>}
        columns={[
          { head: t.due, cell: ({ dueAt }) => <Ago at={dueAt} /> },
          { head: t.when, cell: ({ cause }) => t.causes[cause] },
          {
            head: t.result,
            cell: ({ failed, errorCode }) => (
              <span className={failed ? 'bad' : 'good'}>
                {notRun(errorCode) ?? (failed ? t.failed : t.ok)} {errorCode}
              </span>
            ),
          },
          { head: t.duration, cell: ({ durationMs }) => t.took(durationMs) },
        ]}
      />
    </ReadingDialog>
  )
}

/** Why a due time had no run; `undefined` for the code of a function's failure. */
function notRun(errorCode: string | undefined): string | undefined {
  const why: Partial<Record<string, string>> = scheduleWords.notRun
  return errorCode === undefined ? undefined : why[errorCode]
}
