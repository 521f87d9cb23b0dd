import { changeAccountSettings, getAccountSettings, type IdentitySettings } from '@parley/contract'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { queries } from '../api/queries.ts'
import { ask } from '../api/server.ts'
import { Amount } from '../ui/amount.tsx'
import { Button } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { Form } from '../ui/form.tsx'
import { problemsOfError } from '../ui/problems.ts'
import { useUnsaved } from '../ui/use-unsaved.ts'
import { operateWords } from '../words/operate.ts'
import { accessWords as t } from './words.ts'

const HOUR_MS = 3_600_000
const NAMES = ['sessionMs', 'appTokenMs', 'consumerTokenMs', 'signingKeyMs'] as const

/** How long sessions, tokens and keys are good for. */
export function Lives({ accountId }: { accountId: string }) {
  const query = useQuery({
    queryKey: ['access', accountId, 'lives'],
    queryFn: () => ask(accountId, getAccountSettings),
  })
  return (
    <Loaded query={query}>
      {({ identity }) => <LivesForm accountId={accountId} identity={identity} />}
    </Loaded>
  )
}

function LivesForm({ accountId, identity }: { accountId: string; identity: IdentitySettings }) {
  /** What was typed and is not saved yet: the rest is as somebody else may have changed it. */
  const [typed, setTyped] = useState<Partial<IdentitySettings>>({})
  const lives = { ...identity, ...typed }
  const isChanged = NAMES.some((name) => lives[name] !== identity[name])
  useUnsaved(isChanged)
  const save = useMutation({
    mutationFn: () => ask(accountId, changeAccountSettings, { body: { identity: typed } }),
    onMutate: () => typed,
    onSuccess: async (settings, _, sent) => {
      queries.setQueryData(['access', accountId, 'lives'], settings)
      setTyped((now) => (now === sent ? {} : now))
      await queries.invalidateQueries({ queryKey: ['access', accountId] })
    },
  })
  function submit(submitted: FormEvent): void {
    submitted.preventDefault()
    save.mutate()
  }
  return (
    <Form problems={problemsOfError(save.error)} className="form" onSubmit={submit}>
      <div className="form-row">
        {NAMES.map((name) => (
          <Amount
            key={name}
            label={t.lives[name]}
            value={lives[name] / HOUR_MS}
            onChange={(hours) => setTyped({ ...typed, [name]: Math.round(hours * HOUR_MS) })}
            member={`identity.${name}`}
          />
        ))}
      </div>
      {save.error && <ErrorNotice error={save.error} />}
      <p className="actions">
        <Button type="submit" kind="primary" isPending={save.isPending}>
          {operateWords.save}
        </Button>
        <span role="status">{save.isSuccess && !isChanged && t.saved}</span>
      </p>
    </Form>
  )
}
