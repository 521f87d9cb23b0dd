import {
  listCalendars,
  putCalendar,
  type Shift,
  type Weekday,
  type WorkCalendar,
} from '@parley/contract'
import { useState } from 'react'
import { changedOver, listOver } from '../api/changed.ts'
import { ask } from '../api/server.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { useDialogMutation } from '../ui/use-dialog-mutation.ts'
import { operateWords } from '../words/operate.ts'
import { hoursWords as t } from './hours-words.ts'
import { ShiftsField } from './shifts-field.tsx'
import { WORK_WEEK } from './week.ts'
import { WeekPicture } from './week-picture.tsx'
import { TimeZoneField } from './time-zone-field.tsx'

interface Props {
  accountId: string
  /** `account`, or a skill. */
  owner: string
  whose: string
  /** What is changed; absent for the first hours. */
  calendar: WorkCalendar | undefined
  /** @param said what has been done, if anything */
  onClose: (said?: string) => void
}

const OFFICE: Shift = { from: '09:00', to: '17:00' }
const WORKING_DAYS = WORK_WEEK.slice(0, 5)

/** What many offices have, in the reader's own zone. */
const proposed = (): WorkCalendar => ({
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  week: Object.fromEntries(WORKING_DAYS.map((day) => [day, [OFFICE]])),
  specialDays: [],
})

/** The week, the days that differ from it, and the time zone of both. */
export function HoursDialog({ accountId, owner, whose, calendar, onClose }: Props) {
  const [start] = useState(() => calendar ?? proposed())
  const [draft, setDraft] = useState(start)
  const { timeZone, week, specialDays } = draft
  const save = useDialogMutation({
    mutationFn: async () => {
      const { calendars } = await ask(accountId, listCalendars)
      const newest = calendars.find((one) => one.owner === owner)?.calendar
      const body = newest ? mergedOver(draft, start, newest) : draft
      return await ask(accountId, putCalendar, { params: { owner }, body })
    },
    onDone: () => onClose(t.isSet(whose)),
  })
  const set = (part: Partial<WorkCalendar>): void => setDraft((old) => ({ ...old, ...part }))
  const setDay = (day: Weekday, shifts: Shift[]): void => set({ week: { ...week, [day]: shifts } })
  const setSpecial = (index: number, part: Partial<WorkCalendar['specialDays'][number]>): void =>
    set({ specialDays: specialDays.map((one, at) => (at === index ? { ...one, ...part } : one)) })
  return (
    <FormDialog
      title={t.dialog(whose)}
      submit={operateWords.save}
      error={save.error}
      isPending={save.isPending}
      isWide
      onSubmit={() => save.mutate()}
      onClose={() => onClose()}
    >
      <div className="hours-form">
        <div className="stack">
          <TimeZoneField
            label={t.timeZone}
            member="timeZone"
            value={timeZone}
            onChange={(zone) => set({ timeZone: zone })}
          />
          <h3>{t.week}</h3>
          {WORK_WEEK.map((day) => (
            <div key={day} className="hours-day">
              <span>{t.days[day]}</span>
              <ShiftsField
                day={t.days[day]}
                shifts={week[day] ?? []}
                onChange={(shifts) => setDay(day, shifts)}
              />
            </div>
          ))}
          <p>
            <Button
              onPress={() => {
                const monday = week.monday ?? []
                set({
                  week: {
                    ...week,
                    ...Object.fromEntries(WORKING_DAYS.map((day) => [day, monday])),
                  },
                })
              }}
            >
              {t.copy}
            </Button>
          </p>
          <p className="faint">{t.untilMidnight}</p>
        </div>
        <div className="stack">
          <h3>{t.special}</h3>
          {specialDays.length === 0 && <p className="faint">{t.noSpecial}</p>}
          {specialDays.map(({ date, name = '', shifts }, index) => (
            <fieldset key={index} className="special-day">
              <legend>{t.specialDay(date)}</legend>
              <div className="filters">
                <Field
                  label={t.date}
                  type="date"
                  member={`specialDays.${index}.date`}
                  value={date}
                  onChange={(text) => setSpecial(index, { date: text })}
                  isRequired
                />
                <Field
                  label={t.dayName}
                  value={name}
                  maxLength={100}
                  onChange={(text) => setSpecial(index, { name: text })}
                />
              </div>
              <ShiftsField
                day={t.specialDay(date)}
                shifts={shifts}
                onChange={(changed) => setSpecial(index, { shifts: changed })}
              />
              <Button
                kind="quiet"
                aria-label={t.dropDay(t.specialDay(date))}
                onPress={() =>
                  set({ specialDays: specialDays.filter((_, place) => place !== index) })
                }
              >
                {operateWords.delete}
              </Button>
            </fieldset>
          ))}
          <p>
            <Button
              onPress={() =>
                set({ specialDays: [...specialDays, { date: '', name: '', shifts: [] }] })
              }
            >
              {t.addDay}
            </Button>
          </p>
          <h3>{t.preview}</h3>
          <WeekPicture whose={whose} calendar={draft} />
        </div>
      </div>
    </FormDialog>
  )
}

/** What a colleague has set meanwhile stays, where nothing else was set here. */
function mergedOver(draft: WorkCalendar, start: WorkCalendar, newest: WorkCalendar): WorkCalendar {
  const days = [draft.specialDays, start.specialDays, newest.specialDays] as const
  return {
    ...changedOver(draft, start, newest),
    specialDays: listOver(...days, ({ date }) => date),
  }
}
