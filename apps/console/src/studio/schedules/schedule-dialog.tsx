import {
  changeSchedule,
  createSchedule,
  type FunctionSummary,
  previewSchedule,
  type Schedule,
} from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { changedOf } from '../api/changed.ts'
import { ask } from '../api/server.ts'
import { useFunctions } from '../api/use-names.ts'
import { useSentId } from '../api/use-sent-id.ts'
import { TimeZoneField } from '../people/time-zone-field.tsx'
import { Choice } from '../ui/choice.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Field } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { parseJson } from '../ui/parse-json.ts'
import { UnlessUnread } from '../ui/unless-unread.tsx'
import { useDialogMutation } from '../ui/use-dialog-mutation.ts'
import { operateWords } from '../words/operate.ts'
import { scheduleWords } from '../words/schedules.ts'
import { zonedTime } from './zoned-time.ts'

interface Props {
  accountId: string
  /** Absent for a new one. */
  schedule: Schedule | undefined
  /** Those that are deployed. */
  functions: readonly FunctionSummary[]
  proposed: string | undefined
  onClose: (isSaved: boolean) => void
}

/** When a function runs, with what, and when that would be. */
export function ScheduleDialog({ accountId, schedule, functions, proposed, onClose }: Props) {
  const [functionId, setFunctionId] = useState(
    schedule?.functionId ?? proposed ?? functions[0]?.functionId ?? '',
  )
  const { functionsQuery } = useFunctions(accountId)
  const [cronExpression, setCron] = useState(schedule?.cronExpression ?? '0 9 * * 1-5')
  const [timeZone, setZone] = useState(
    schedule?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
  )
  const [missedRuns, setMissed] = useState<Schedule['missedRuns']>(schedule?.missedRuns ?? 'skip')
  const [payload, setPayload] = useState(JSON.stringify(schedule?.payload ?? {}, null, 2))
  const parsed = parseJson(payload)
  const t = scheduleWords
  const preview = useQuery({
    queryKey: ['schedule-preview', accountId, cronExpression, timeZone],
    queryFn: () => ask(accountId, previewSchedule, { body: { cronExpression, timeZone } }),
    enabled: cronExpression.trim() !== '',
    staleTime: Number.POSITIVE_INFINITY,
  })
  const idOf = useSentId()
  const save = useDialogMutation({
    mutationFn: async () => {
      if (!parsed.ok) throw new Error(`${operateWords.notJson} ${parsed.reason}`)
      const body = { cronExpression, timeZone, missedRuns, payload: parsed.value }
      const draft = { ...body, functionId }
      return schedule
        ? await ask(accountId, changeSchedule, {
            params: { scheduleId: schedule.scheduleId },
            body: changedOf(body, schedule),
          })
        : await ask(accountId, createSchedule, {
            body: { ...draft, scheduleId: idOf(draft) },
          })
    },
    onDone: () => onClose(true),
  })
  return (
    <FormDialog
      title={schedule ? t.editTitle : t.add}
      submit={operateWords.save}
      error={save.error}
      isPending={save.isPending}
      onSubmit={() => save.mutate()}
      onClose={() => onClose(false)}
    >
      {!schedule && (
        <UnlessUnread query={functionsQuery}>
          <Choice
            label={operateWords.function}
            member="functionId"
            value={functionId}
            options={functions.map((one) => ({ id: one.functionId, name: one.name }))}
            onChange={setFunctionId}
          />
        </UnlessUnread>
      )}
      <Field
        label={t.cron}
        member="cronExpression"
        hint={t.cronHint}
        value={cronExpression}
        onChange={setCron}
        maxLength={200}
        autoFocus
        isRequired
      />
      <TimeZoneField
        label={t.zone}
        member="timeZone"
        hint={t.zoneHint}
        value={timeZone}
        onChange={setZone}
      />
      <div role="status">
        {preview.data && (
          <>
            {t.nextRuns}:
            <ul className="bare-list">
              {preview.data.nextRuns.map((at) => (
                <li key={at}>
                  <time dateTime={at}>{zonedTime(at, timeZone)}</time>
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
      {preview.error && <ErrorNotice error={preview.error} />}
      <Choice
        label={t.missed}
        value={missedRuns}
        options={(['skip', 'run-once'] as const).map((id) => ({ id, name: t.missedRuns[id] }))}
        onChange={(id) => setMissed(id === 'skip' ? 'skip' : 'run-once')}
      />
      <Field label={t.payload} member="payload" value={payload} onChange={setPayload} lines={4} />
    </FormDialog>
  )
}
