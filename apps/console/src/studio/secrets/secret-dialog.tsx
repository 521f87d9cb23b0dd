import { createSecret, replaceSecret, type SecretSummary, type SecretType } from '@parley/contract'
import { useState } from 'react'
import { ask } from '../api/server.ts'
import { Choice } from '../ui/choice.tsx'
import { Field } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { useDialogMutation } from '../ui/use-dialog-mutation.ts'
import { operateWords } from '../words/operate.ts'
import { secretWords } from '../words/secrets.ts'

interface Props {
  accountId: string
  /** The one that gets a new value; absent for a new one. */
  secret: SecretSummary | undefined
  /** @param said what was done; absent when nothing was */
  onClose: (said?: string) => void
}

/** The value of a secret on its only way: in. */
export function SecretDialog({ accountId, secret, onClose }: Props) {
  const [name, setName] = useState(secret?.name ?? '')
  const [type, setType] = useState<SecretType>(secret?.type ?? 'text')
  const [value, setValue] = useState('')
  const t = secretWords
  const write = useDialogMutation({
    mutationFn: () =>
      secret
        ? ask(accountId, replaceSecret, { params: { name: secret.name }, body: { type, value } })
        : ask(accountId, createSecret, { body: { name, type, value } }),
    onDone: ({ version }) => onClose(secret ? t.replaced(secret.name, version) : t.created(name)),
  })
  return (
    <FormDialog
      title={secret ? t.replaceTitle(secret.name) : t.add}
      submit={operateWords.save}
      error={write.error}
      isPending={write.isPending}
      onSubmit={() => write.mutate()}
      onClose={() => onClose()}
    >
      {secret ? (
        <p>{t.replaceText}</p>
      ) : (
        <Field
          label={t.name}
          member="name"
          hint={t.nameHint}
          value={name}
          onChange={setName}
          pattern="[A-Za-z0-9_\-]{1,100}"
          maxLength={100}
          autoComplete="off"
          autoFocus
          isRequired
        />
      )}
      <Choice
        label={t.type}
        member="type"
        value={type}
        options={(['text', 'json'] as const).map((id) => ({ id, name: t.types[id] }))}
        onChange={(id) => setType(id === 'json' ? 'json' : 'text')}
      />
      <Field
        label={secret ? t.newValue : t.value}
        member="value"
        hint={t.valueHint}
        value={value}
        onChange={setValue}
        lines={4}
        maxLength={10_000}
        autoComplete="off"
        autoFocus={secret !== undefined}
        isRequired
      />
    </FormDialog>
  )
}
