import { type AccountSettings, changeAccountSettings } from '@parley/contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { ask } from '../api/server.ts'
import { useAccountSettings } from '../api/use-account-settings.ts'
import { TimeZoneField } from '../people/time-zone-field.tsx'
import { useMay } from '../session/use-session.ts'
import { Button } from '../ui/button.tsx'
import { CheckBox } from '../ui/check-box.tsx'
import { Choice } from '../ui/choice.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Field } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { Page } from '../ui/page.tsx'
import { problemsOfError } from '../ui/problems.ts'
import { useUnsaved } from '../ui/use-unsaved.ts'
import { operateWords } from '../words/operate.ts'
import { ACCOUNT_PATH } from './path.ts'
import { accountWords as t } from './words.ts'

/** What is said once for the whole account. */
export function AccountPage() {
  const { accountId } = useParams({ from: ACCOUNT_PATH })
  const [said, setSaid] = useState('')
  const query = useAccountSettings(accountId)
  return (
    <Page title={t.title}>
      <p role="status">{said}</p>
      <Loaded query={query}>
        {(stored) => <AccountForm accountId={accountId} stored={stored} onSaid={setSaid} />}
      </Loaded>
    </Page>
  )
}

const LANGUAGES = [
  { id: 'en-US', name: 'English' },
  { id: 'de-DE', name: 'Deutsch' },
]

const DIALECTS = [
  { id: 'v1', name: 'V1' },
  { id: 'v2', name: 'V2' },
] as const

const SWITCHES = [
  { name: 'functionsEnabled', label: t.functions, hint: t.functionsHint },
  { name: 'controllerBotEnabled', label: t.bot, hint: t.botHint },
  { name: 'transferToAgentEnabled', label: t.transfers, hint: t.transfersHint },
  { name: 'typesCheckedAtDeployment', label: t.types, hint: t.typesHint },
] as const

type Typed = Partial<
  Pick<
    AccountSettings,
    'accountName' | 'timeZone' | 'language' | 'dialect' | (typeof SWITCHES)[number]['name']
  >
>

interface Props {
  accountId: string
  stored: AccountSettings
  /** Empty while it is being saved. */
  onSaid: (text: string) => void
}

function AccountForm({ accountId, stored, onSaid }: Props) {
  const isDisabled = !useMay(accountId, 'account:write')
  const client = useQueryClient()
  /** What was typed and is not saved yet. */
  const [typed, setTyped] = useState<Typed>({})
  const draft = { ...stored, ...typed }
  const write = (part: Typed): void => setTyped({ ...typed, ...part })
  const names = Object.keys(typed) as (keyof Typed)[]
  const changed = names.filter((name) => typed[name] !== stored[name])
  useUnsaved(changed.length > 0, () => onSaid(''))
  const { error, isPending, mutate } = useMutation({
    mutationFn: () =>
      ask(accountId, changeAccountSettings, {
        body: Object.fromEntries(changed.map((name) => [name, draft[name]])),
      }),
    onMutate: () => {
      onSaid('')
      return typed
    },
    async onSuccess(settings, _, sent) {
      client.setQueryData(['settings', accountId], settings)
      setTyped((now) => (now === sent ? {} : now))
      onSaid(t.saved)
      // The header says the name.
      await client.invalidateQueries({ queryKey: ['users', accountId, 'own'] })
    },
  })
  function submit(submitted: FormEvent): void {
    submitted.preventDefault()
    mutate()
  }
  return (
    <Form className="stack narrow" problems={problemsOfError(error)} onSubmit={submit}>
      <Field
        label={t.name}
        hint={t.nameHint}
        member="accountName"
        value={draft.accountName}
        maxLength={100}
        autoComplete="organization"
        isDisabled={isDisabled}
        onChange={(accountName) => write({ accountName })}
      />
      <TimeZoneField
        label={t.timeZone}
        hint={t.timeZoneHint}
        member="timeZone"
        value={draft.timeZone}
        isDisabled={isDisabled}
        onChange={(timeZone) => write({ timeZone })}
      />
      <Choice
        label={t.language}
        hint={t.languageHint}
        member="language"
        value={draft.language}
        options={
          LANGUAGES.some(({ id }) => id === draft.language)
            ? LANGUAGES
            : [...LANGUAGES, { id: draft.language, name: draft.language }]
        }
        isDisabled={isDisabled}
        onChange={(language) => write({ language })}
      />
      {SWITCHES.map(({ name, label, hint }) => (
        <CheckBox
          key={name}
          label={label}
          hint={hint}
          isSelected={draft[name]}
          isDisabled={isDisabled}
          onChange={(is) => write({ [name]: is })}
        />
      ))}
      <Choice
        label={t.dialect}
        hint={t.dialectHint}
        member="dialect"
        value={draft.dialect}
        options={DIALECTS}
        isDisabled={isDisabled}
        onChange={(id) => write({ dialect: id === 'v2' ? 'v2' : 'v1' })}
      />
      {error && <ErrorNotice error={error} />}
      {!isDisabled && (
        <div className="actions">
          <Button
            type="submit"
            kind="primary"
            isPending={isPending}
            isDisabled={changed.length === 0}
          >
            {operateWords.save}
          </Button>
        </div>
      )}
    </Form>
  )
}
