import {
  changeSchedule,
  deleteSchedule,
  listSchedules,
  runSchedule,
  type Schedule,
} from '@parley/contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { ask } from '../api/server.ts'
import { useFunctions } from '../api/use-names.ts'
import { useMay } from '../session/use-session.ts'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { FunctionFilter } from '../ui/function-filter.tsx'
import { FunctionLink } from '../ui/function-link.tsx'
import { Listed } from '../ui/listed.tsx'
import { Page } from '../ui/page.tsx'
import { RemoveDialog } from '../ui/remove-dialog.tsx'
import { Ago, Due } from '../ui/time.tsx'
import { operateWords } from '../words/operate.ts'
import { scheduleWords } from '../words/schedules.ts'
import { HistoryDialog } from './history-dialog.tsx'
import { ScheduleDialog } from './schedule-dialog.tsx'

const PATH = '/$accountId/schedules'
const REFRESH_MS = 30_000

/** When functions run by the clock, and how it went. */
export function SchedulesPage() {
  const { accountId } = useParams({ from: PATH })
  const { functionId } = useSearch({ from: PATH })
  const navigate = useNavigate({ from: PATH })
  const mayWrite = useMay(accountId, 'schedule:write')
  const names = useFunctions(accountId)
  const client = useQueryClient()
  const [said, setSaid] = useState('')
  const [writing, setWriting] = useState<Schedule | 'new'>()
  const [leaving, setLeaving] = useState<Schedule>()
  const [shown, setShown] = useState<Schedule>()
  const t = scheduleWords
  const query = useQuery({
    queryKey: ['schedules', accountId, functionId],
    queryFn: () => ask(accountId, listSchedules, { query: { functionId } }),
    refetchInterval: REFRESH_MS,
  })
  const fresh = () => client.invalidateQueries({ queryKey: ['schedules', accountId] })
  const run = useMutation({
    mutationFn: ({ scheduleId }: Schedule) =>
      ask(accountId, runSchedule, { params: { scheduleId } }),
    onMutate: () => setSaid(''),
    onSuccess: ({ failed }, one) => setSaid(t.ran(names.functionName(one.functionId), failed)),
    onSettled: fresh,
  })
  const pause = useMutation({
    mutationFn: (one: Schedule) =>
      ask(accountId, changeSchedule, {
        params: { scheduleId: one.scheduleId },
        body: { active: !isRunning(one) },
      }),
    onMutate: () => setSaid(''),
    onSuccess: () => setSaid(t.saved),
    onSettled: fresh,
  })
  const failed = run.error ?? pause.error

  return (
    <Page
      title={t.title}
      actions={
        mayWrite && (
          <Button kind="primary" onPress={() => setWriting('new')}>
            <Plus aria-hidden size={16} />
            {t.add}
          </Button>
        )
      }
    >
      <p className="faint">{t.intro}</p>
      <div className="filters">
        <FunctionFilter
          accountId={accountId}
          value={functionId}
          onChange={(id) => void navigate({ search: { functionId: id }, replace: true })}
        />
      </div>
      <p role="status">{said}</p>
      {failed && <ErrorNotice error={failed} />}
      <Listed
        label={t.title}
        query={query}
        rowsOf={({ schedules }) => schedules}
        keyOf={({ scheduleId }) => scheduleId}
        empty={<Empty text={functionId === undefined ? t.none : t.noneOf} />}
        columns={[
          {
            head: operateWords.function,
            cell: (one) => <FunctionLink accountId={accountId} functionId={one.functionId} />,
          },
          {
            head: t.when,
            cell: ({ cronExpression, timeZone }) => (
              <>
                <code>{cronExpression}</code> <span className="faint">{timeZone}</span>
              </>
            ),
          },
          {
            head: t.state,
            cell: (one) => (
              <span className={`chip ${isRunning(one) ? 'good' : 'warn'}`}>
                {isRunning(one) ? t.active : one.pausedByUndeploy ? t.pausedByUndeploy : t.paused}
              </span>
            ),
          },
          {
            head: t.next,
            cell: ({ nextExecutionAt }) => nextExecutionAt && <Due at={nextExecutionAt} />,
          },
          {
            head: t.last,
            cell: ({ lastExecutionAt, lastExecutionFailed }) =>
              lastExecutionAt === undefined ? (
                <span className="faint">{t.never}</span>
              ) : (
                <>
                  <Ago at={lastExecutionAt} />{' '}
                  <span className={lastExecutionFailed ? 'bad' : 'good'}>
                    {lastExecutionFailed ? t.failed : t.ok}
                  </span>
                </>
              ),
          },
          {
            head: operateWords.actions,
            cell: (one) => {
              const what = `${names.functionName(one.functionId)} ${one.cronExpression}`
              const act = (name: string, onPress: () => void) => (
                <Button kind="quiet" aria-label={`${name}: ${what}`} onPress={onPress}>
                  {name}
                </Button>
              )
              return (
                <span className="actions">
                  {act(t.history, () => setShown(one))}
                  {mayWrite && (
                    <>
                      {act(t.run, () => run.mutate(one))}
                      {act(isRunning(one) ? t.pause : t.resume, () => pause.mutate(one))}
                      {act(operateWords.edit, () => setWriting(one))}
                      {act(operateWords.delete, () => setLeaving(one))}
                    </>
                  )}
                </span>
              )
            },
          },
        ]}
      />
      {writing && (
        <ScheduleDialog
          accountId={accountId}
          schedule={writing === 'new' ? undefined : writing}
          functions={names.functions.filter(({ liveVersion }) => liveVersion !== undefined)}
          proposed={functionId}
          onClose={(isSaved) => {
            if (isSaved) setSaid(t.saved)
            setWriting(undefined)
            void fresh()
          }}
        />
      )}
      {shown && (
        <HistoryDialog accountId={accountId} schedule={shown} onClose={() => setShown(undefined)} />
      )}
      {leaving && (
        <RemoveDialog
          title={t.deleteTitle}
          remove={() =>
            ask(accountId, deleteSchedule, { params: { scheduleId: leaving.scheduleId } })
          }
          onClose={(isGone) => {
            if (isGone) setSaid(t.deleted)
            setLeaving(undefined)
            void fresh()
          }}
        >
          <p>
            <code>{leaving.cronExpression}</code> {names.functionName(leaving.functionId)}.{' '}
            {t.deleteText}
          </p>
        </RemoveDialog>
      )}
    </Page>
  )
}

function isRunning({ active, pausedByUndeploy }: Schedule): boolean {
  return active && !pausedByUndeploy
}
