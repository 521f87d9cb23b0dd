import { changeAccountSettings } from '@parley/contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useMemo, useState } from 'react'
import { ask, ServerError } from '../api/server.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { PlainTable } from '../ui/plain-table.tsx'
import { useUnsaved } from '../ui/use-unsaved.ts'
import { locale } from '../words/index.ts'
import { operateWords } from '../words/operate.ts'
import { type FieldOfGroup, fieldsOf, nested, type Value, valueOf } from './fields.ts'
import type { GroupName } from './path.ts'
import { readable } from './readable.ts'
import { SettingInput } from './setting-input.tsx'
import { limitWords as t } from './words.ts'

interface Props {
  accountId: string
  group: GroupName
  stored: object
  isDisabled: boolean
  /** Empty while it is being saved. */
  onSaid: (text: string) => void
}

/** Every setting of a group: its value, what it is unless set, and its bounds. */
export function GroupForm({ accountId, group, stored, isDisabled, onSaid }: Props) {
  const client = useQueryClient()
  const fields = useMemo(() => fieldsOf(group), [group])
  /** What was typed and is not saved yet. */
  const [typed, setTyped] = useState<Readonly<Record<string, Value>>>({})
  const changed = Object.fromEntries(
    Object.entries(typed).filter(([name, value]) => value !== valueOf(stored, name)),
  )
  const isChanged = Object.keys(changed).length > 0
  useUnsaved(isChanged, () => onSaid(''))
  const { error, isPending, mutate, reset } = useMutation({
    mutationFn: () => ask(accountId, changeAccountSettings, { body: { [group]: nested(changed) } }),
    onMutate: () => {
      onSaid('')
      return typed
    },
    onSuccess: (settings, _, sent) => {
      client.setQueryData(['settings', accountId], settings)
      // What was typed while it was saved is not saved.
      setTyped((now) => (now === sent ? {} : now))
      onSaid(t.saved)
    },
  })
  const problemOf = (name: string): string | undefined =>
    error instanceof ServerError
      ? error.details.find(({ path }) => path.endsWith(`${group}.${name}`))?.message
      : undefined
  function submit(submitted: FormEvent): void {
    submitted.preventDefault()
    if (isChanged) mutate()
  }
  const shown = (name: string, value: Value): string =>
    value === null
      ? t.none(group)
      : typeof value === 'number'
        ? readable(name, value, locale)
        : t.choice(value)

  return (
    <form className="stack" onSubmit={submit}>
      <PlainTable
        label={t.groups[group]}
        rows={fields}
        keyOf={({ name }) => name}
        columns={[
          {
            head: t.setting,
            cell: ({ name }) => (
              <>
                {t.nameOf(group, name)}
                <code className="faint line">{`${group}.${name}`}</code>
              </>
            ),
          },
          {
            head: t.value,
            className: 'setting-value',
            cell: (field) => {
              const value = typed[field.name] ?? valueOf(stored, field.name)
              return (
                <SettingInput
                  label={t.nameOf(group, field.name)}
                  none={t.none(group)}
                  field={field}
                  value={field.name in typed ? (typed[field.name] ?? null) : value}
                  isDisabled={isDisabled}
                  problem={problemOf(field.name)}
                  onChange={(next) => {
                    if (error) reset()
                    setTyped({ ...typed, [field.name]: next })
                  }}
                />
              )
            },
          },
          { head: t.initial, cell: ({ name, initial }) => shown(name, initial) },
          { head: t.bounds, cell: (field) => boundsOf(field) },
          {
            head: t.state,
            cell: ({ name, initial }) =>
              valueOf(stored, name) === initial ? (
                <span className="faint">{t.asInitial}</span>
              ) : (
                <span className="actions">
                  <span className="chip warn">{t.isSet}</span>
                  {!isDisabled && (
                    <Button
                      kind="quiet"
                      aria-label={`${t.takeBack}: ${t.nameOf(group, name)}`}
                      onPress={() => setTyped({ ...typed, [name]: initial })}
                    >
                      {t.takeBack}
                    </Button>
                  )}
                </span>
              ),
          },
        ]}
      />
      {error && <ErrorNotice error={error} />}
      {!isDisabled && (
        <div className="actions">
          <Button type="submit" kind="primary" isPending={isPending} isDisabled={!isChanged}>
            {operateWords.save}
          </Button>
          {isChanged && (
            <Button
              onPress={() => {
                reset()
                setTyped({})
              }}
            >
              {t.dropChanges}
            </Button>
          )}
        </div>
      )}
    </form>
  )
}

function boundsOf({ name, kind, choices, least, most, mayBeNull }: FieldOfGroup): string {
  if (kind === 'choice') return choices.map(t.choice).join(', ')
  const figure = (value: number | undefined) =>
    value === undefined ? undefined : readable(name, value, locale)
  return t.within(figure(least), figure(most), mayBeNull)
}
