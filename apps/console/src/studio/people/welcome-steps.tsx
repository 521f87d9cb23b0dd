import {
  type AccountSettings,
  changeOwnPassword,
  createSkill,
  listCalendars,
  listSkills,
} from '@parley/contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { ask, ServerError } from '../api/server.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Field } from '../ui/field.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { problemsOfError } from '../ui/problems.ts'
import { HoursDialog } from './hours-dialog.tsx'
import { hoursWords } from './hours-words.ts'
import { TimeZoneField } from './time-zone-field.tsx'
import { WeekPicture } from './week-picture.tsx'
import { welcomeWords as t } from './welcome-words.ts'

export interface StepProps {
  accountId: string
  settings: AccountSettings
  onSave: (part: Partial<Pick<AccountSettings, 'accountName' | 'timeZone'>>) => Promise<unknown>
  onSaid: (said: string) => void
  /** @param isDone or left for later */
  onNext: (isDone: boolean) => void
}

interface FormProps {
  error: unknown
  isPending: boolean
  submit: string
  onSubmit: () => void
  onLater: () => void
  children: ReactNode
}

function StepForm({ error, isPending, submit, onSubmit, onLater, children }: FormProps) {
  function send(submitted: FormEvent): void {
    submitted.preventDefault()
    onSubmit()
  }
  return (
    <form className="stack" onSubmit={send}>
      {children}
      {error !== null && error !== undefined && <ErrorNotice error={error} />}
      <div className="actions">
        <Button type="submit" kind="primary" isPending={isPending}>
          {submit}
        </Button>
        <Button onPress={onLater}>{t.later}</Button>
      </div>
    </form>
  )
}

export function PasswordStep({ accountId, onNext }: StepProps) {
  const [currentPassword, setCurrent] = useState('')
  const [newPassword, setNew] = useState('')
  const save = useMutation({
    mutationFn: () => ask(accountId, changeOwnPassword, { body: { currentPassword, newPassword } }),
    onSuccess: () => onNext(true),
  })
  const isWrong = save.error instanceof ServerError && save.error.code === 'forbidden'
  const refused = problemsOfError(save.error)
  const isToldAtField = isWrong || refused.has('newPassword')
  const fields = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (isToldAtField) fields.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus()
  }, [isToldAtField, save.error])
  return (
    <StepForm
      submit={t.change}
      error={isToldAtField ? undefined : save.error}
      isPending={save.isPending}
      onSubmit={() => save.mutate()}
      onLater={() => onNext(false)}
    >
      <div ref={fields} className="stack">
        <Field
          label={t.current}
          type="password"
          value={currentPassword}
          onChange={setCurrent}
          autoComplete="current-password"
          problem={isWrong ? t.wrongPassword : undefined}
          isRequired
        />
        <Field
          label={t.newPassword}
          hint={t.newHint}
          type="password"
          value={newPassword}
          onChange={setNew}
          minLength={12}
          maxLength={200}
          autoComplete="new-password"
          problem={refused.get('newPassword')}
          isRequired
        />
      </div>
    </StepForm>
  )
}

export function NameStep({ settings, onSave, onNext }: StepProps) {
  const [accountName, setName] = useState(settings.accountName)
  const [timeZone, setZone] = useState(
    settings.timeZone === 'UTC'
      ? Intl.DateTimeFormat().resolvedOptions().timeZone
      : settings.timeZone,
  )
  const save = useMutation({
    mutationFn: () => onSave({ accountName, timeZone }),
    onSuccess: () => onNext(true),
  })
  return (
    <StepForm
      submit={t.save}
      error={save.error}
      isPending={save.isPending}
      onSubmit={() => save.mutate()}
      onLater={() => onNext(false)}
    >
      <Field
        label={t.accountName}
        value={accountName}
        onChange={setName}
        maxLength={100}
        autoComplete="organization"
        isRequired
      />
      <TimeZoneField label={t.timeZone} value={timeZone} onChange={setZone} />
    </StepForm>
  )
}

export function SkillsStep({ accountId, onSaid, onNext }: StepProps) {
  const client = useQueryClient()
  const [name, setName] = useState('')
  const query = useQuery({
    queryKey: ['skills', accountId],
    queryFn: () => ask(accountId, listSkills),
  })
  const add = useMutation({
    mutationFn: () => ask(accountId, createSkill, { body: { name } }),
    onMutate: () => onSaid(''),
    onSuccess: (made) => {
      setName('')
      onSaid(t.skillAdded(made.name))
      return client.invalidateQueries({ queryKey: ['skills', accountId] })
    },
  })
  return (
    <>
      <Loaded query={query}>
        {({ skills }) => (
          <ul className="skill-list">
            {skills.map((skill) => (
              <li key={skill.skillId} className="chip">
                <bdi>{skill.name}</bdi>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
      <form
        className="filters"
        onSubmit={(submitted) => {
          submitted.preventDefault()
          add.mutate()
        }}
      >
        <Field
          label={t.skillName}
          value={name}
          onChange={setName}
          maxLength={255}
          autoComplete="off"
          isRequired
        />
        <Button type="submit" isPending={add.isPending}>
          {t.addSkill}
        </Button>
      </form>
      {add.error && <ErrorNotice error={add.error} />}
      <p>
        <Link to="/$accountId/skills" params={{ accountId }}>
          {t.allSkills}
        </Link>
      </p>
      <NextOrLater onNext={onNext} />
    </>
  )
}

export function HoursStep({ accountId, onSaid, onNext }: StepProps) {
  const client = useQueryClient()
  const [isWriting, setWriting] = useState(false)
  const query = useQuery({
    queryKey: ['calendars', accountId],
    queryFn: () => ask(accountId, listCalendars),
  })
  const calendar = query.data?.calendars.find(({ owner }) => owner === 'account')?.calendar
  return (
    <>
      <Loaded query={query}>
        {() => (
          <>
            {calendar ? (
              <WeekPicture whose={hoursWords.thisAccount} calendar={calendar} />
            ) : (
              <p>{hoursWords.noHours}</p>
            )}
            <p>
              <Button onPress={() => setWriting(true)}>
                {calendar ? t.changeHours : t.setHours}
              </Button>
            </p>
          </>
        )}
      </Loaded>
      <NextOrLater onNext={onNext} />
      {isWriting && (
        <HoursDialog
          accountId={accountId}
          owner="account"
          whose={hoursWords.thisAccount}
          calendar={calendar}
          onClose={(said) => {
            setWriting(false)
            if (said !== undefined) onSaid(said)
            void client.invalidateQueries({ queryKey: ['calendars', accountId] })
          }}
        />
      )}
    </>
  )
}

function NextOrLater({ onNext }: Pick<StepProps, 'onNext'>) {
  return (
    <div className="actions">
      <Button kind="primary" onPress={() => onNext(true)}>
        {t.next}
      </Button>
      <Button onPress={() => onNext(false)}>{t.later}</Button>
    </div>
  )
}
