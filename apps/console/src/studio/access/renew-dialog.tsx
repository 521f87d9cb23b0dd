import { type OAuthClient, renewClientSecret } from '@parley/contract'
import { useState } from 'react'
import { ask } from '../api/server.ts'
import { CheckBox } from '../ui/check-box.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { useDialogMutation } from '../ui/use-dialog-mutation.ts'
import { locale } from '../words/index.ts'
import type { Once } from './secrets-dialog.tsx'
import { accessWords as t } from './words.ts'

interface Props {
  accountId: string
  client: OAuthClient
  onClose: (once?: Once) => void
}

/** A new secret for an application, with or without a day for the old one. */
export function RenewDialog({ accountId, client: { clientId, name }, onClose }: Props) {
  const [revoke, setRevoke] = useState(false)
  const renew = useDialogMutation({
    mutationFn: () => ask(accountId, renewClientSecret, { params: { clientId }, body: { revoke } }),
    onDone: ({ clientSecret, oldSecretsUntil: until }) =>
      onClose({
        name,
        values: [
          [t.clientId, clientId],
          [t.clientSecret, clientSecret],
        ],
        more: until === undefined ? undefined : t.until(new Date(until).toLocaleString(locale)),
      }),
  })
  return (
    <FormDialog
      title={t.renewTitle(name)}
      submit={t.renew}
      kind="danger"
      error={renew.error}
      isPending={renew.isPending}
      onSubmit={() => renew.mutate()}
      onClose={() => onClose()}
    >
      <p>{t.renewText}</p>
      <CheckBox label={t.renewNow} isSelected={revoke} onChange={setRevoke} />
    </FormDialog>
  )
}
