import {
  type ApiKey,
  changeApiKey,
  createApiKey,
  DEFAULT_KEY_PERMISSIONS,
  listApiKeys,
  type Permission,
  PERMISSIONS,
} from '@parley/contract'
import { useState } from 'react'
import { changedOf, listOver } from '../api/changed.ts'
import { ask } from '../api/server.ts'
import { useSentId } from '../api/use-sent-id.ts'
import { useRights } from '../session/use-session.ts'
import { Checks } from '../ui/checks.tsx'
import { Field } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { useDialogMutation } from '../ui/use-dialog-mutation.ts'
import { operateWords } from '../words/operate.ts'
import type { Once } from './secrets-dialog.tsx'
import { accessWords as t } from './words.ts'

interface Props {
  accountId: string
  /** The one that is changed; absent for a new one. */
  apiKey: ApiKey | undefined
  /** @param once the values of a new one */
  onClose: (once?: Once) => void
}

/** What a key is called, and what it may. */
export function KeyDialog({ accountId, apiKey, onClose }: Props) {
  const held = useRights(accountId)
  const before = apiKey?.permissions ?? DEFAULT_KEY_PERMISSIONS.filter((one) => held.includes(one))
  const [name, setName] = useState(apiKey?.name ?? '')
  const [permissions, setPermissions] = useState<Permission[]>([...before])
  const isSame =
    permissions.length === before.length && permissions.every((one) => before.includes(one))
  const idOf = useSentId()
  const write = useDialogMutation({
    mutationFn: async (): Promise<Once | undefined> => {
      if (apiKey) {
        const { keyId } = apiKey
        const { apiKeys } = await ask(accountId, listApiKeys)
        const newest = apiKeys.find((one) => one.keyId === keyId) ?? apiKey
        const merged = listOver(permissions, before, newest.permissions, (one) => one)
        await ask(accountId, changeApiKey, {
          params: { keyId },
          body: { ...changedOf({ name }, apiKey), ...(!isSame && { permissions: merged }) },
        })
        return undefined
      }
      const made = await ask(accountId, createApiKey, {
        body: { name, permissions, requestId: idOf({ name, permissions }) },
      })
      return {
        name: made.name,
        values: [
          [t.appKey, made.appKey],
          [t.secret, made.secret],
          [t.accessToken, made.accessToken],
          [t.accessTokenSecret, made.accessTokenSecret],
        ],
      }
    },
    onDone: onClose,
  })
  return (
    <FormDialog
      title={apiKey ? t.editKey(apiKey.name) : t.add.keys}
      submit={apiKey ? operateWords.save : t.create}
      error={write.error}
      isPending={write.isPending}
      onSubmit={() => write.mutate()}
      onClose={() => onClose()}
    >
      <Field
        label={t.name}
        member="name"
        value={name}
        onChange={setName}
        maxLength={255}
        autoFocus
        isRequired
      />
      <Checks
        label={t.rights}
        member="permissions"
        hint={t.rightsHint}
        options={PERMISSIONS.filter((one) => held.includes(one) || before.includes(one)).map(
          (id) => ({ id, name: id }),
        )}
        value={permissions}
        onChange={setPermissions}
      />
    </FormDialog>
  )
}
