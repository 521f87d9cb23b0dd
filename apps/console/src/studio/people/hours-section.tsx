import { deleteCalendar, type listCalendars, type Skill, type WorkCalendar } from '@parley/contract'
import { useState } from 'react'
import type * as z from 'zod'
import { ask } from '../api/server.ts'
import { useMay } from '../session/use-session.ts'
import { Button } from '../ui/button.tsx'
import { Choice } from '../ui/choice.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { RemoveDialog } from '../ui/remove-dialog.tsx'
import type { Asked } from '../ui/use-unread.tsx'
import { HoursDialog } from './hours-dialog.tsx'
import { HoursStatus } from './hours-status.tsx'
import { hoursWords as t } from './hours-words.ts'
import { WeekPicture } from './week-picture.tsx'

interface Props {
  accountId: string
  skills: readonly Skill[]
  calendars: Asked & { data: z.output<typeof listCalendars.reply> | undefined }
  /** `account`, or a skill. */
  owner: string
  onOwner: (owner: string) => void
  /** Something has been done, or was given up. */
  onSaid: (said: string | undefined) => void
}

/** When the account, or a skill of it, is open: now, and on the next days. */
export function HoursSection(props: Props) {
  const { accountId, skills, calendars, onOwner, onSaid } = props
  const mayWrite = useMay(accountId, 'account:write')
  const [isWriting, setWriting] = useState(false)
  const [isLeaving, setLeaving] = useState(false)
  const skill = skills.find(({ skillId }) => skillId === props.owner)
  const owner = skill ? skill.skillId : 'account'
  const whose = skill?.name ?? t.thisAccount
  const calendarOf = (id: string): WorkCalendar | undefined =>
    calendars.data?.calendars.find((one) => one.owner === id)?.calendar
  const own = calendarOf(owner)
  const shown = own ?? calendarOf('account')
  function close(said?: string): void {
    setWriting(false)
    setLeaving(false)
    onSaid(said)
  }
  return (
    <section className="stack" aria-label={t.hours}>
      <h2>{t.hours}</h2>
      <div className="filters">
        <Choice
          label={t.ofWhom}
          value={owner}
          options={[
            { id: 'account', name: t.account },
            ...skills.map(({ skillId, name }) => ({ id: skillId, name })),
          ]}
          onChange={onOwner}
        />
        {mayWrite && calendars.data && (
          <>
            <Button onPress={() => setWriting(true)}>{own ? t.change : t.set}</Button>
            {own && <Button onPress={() => setLeaving(true)}>{t.remove}</Button>}
          </>
        )}
        <span className="count">
          <HoursStatus accountId={accountId} owner={own ? owner : 'account'} />
        </span>
      </div>
      <Loaded query={calendars}>
        {() => (
          <>
            {!shown && <p className="faint">{t.noHours}</p>}
            {shown && !own && <p className="faint">{t.follows}</p>}
            {shown && (
              <>
                <WeekPicture whose={whose} calendar={shown} />
                <p className="faint">{t.weekOf(whose, shown.timeZone)}</p>
              </>
            )}
          </>
        )}
      </Loaded>
      {isWriting && (
        <HoursDialog
          accountId={accountId}
          owner={owner}
          whose={whose}
          calendar={shown}
          onClose={close}
        />
      )}
      {isLeaving && (
        <RemoveDialog
          title={t.removeTitle(whose)}
          submit={t.remove}
          remove={() => ask(accountId, deleteCalendar, { params: { owner } })}
          onClose={(isGone) => close(isGone ? t.removed : undefined)}
        >
          <p>{skill ? t.removeSkill : t.removeAccount}</p>
        </RemoveDialog>
      )}
    </section>
  )
}
