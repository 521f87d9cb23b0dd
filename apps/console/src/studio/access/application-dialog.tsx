import {
  changeClient,
  createClient,
  GRANT_TYPES,
  type GrantType,
  listClients,
  type OAuthClient,
  type Scope,
  SCOPES,
  WEBHOOK_EVENTS,
  type Webhook,
  type WebhookEvent,
} from '@parley/contract'
import { useState } from 'react'
import { changedOf, changedOver } from '../api/changed.ts'
import { ask } from '../api/server.ts'
import { useSentId } from '../api/use-sent-id.ts'
import { CheckBox } from '../ui/check-box.tsx'
import { Checks } from '../ui/checks.tsx'
import { Field } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { NO_PROBLEMS, problemsOf } from '../ui/problems.ts'
import { useDialogMutation } from '../ui/use-dialog-mutation.ts'
import { operateWords } from '../words/operate.ts'
import type { Once } from './secrets-dialog.tsx'
import { accessWords as t } from './words.ts'

interface Props {
  accountId: string
  /** The one that is changed; absent for a new one. */
  client: OAuthClient | undefined
  /** @param once the secret of a new one */
  onClose: (once?: Once) => void
}

/** What an application may, and how it gets its tokens. */
export function ApplicationDialog({ accountId, client, onClose }: Props) {
  const [name, setName] = useState(client?.name ?? '')
  const [scopes, setScopes] = useState<Scope[]>(
    SCOPES.filter((scope) => (client?.scopes ?? ['faas.lambda.invoke']).includes(scope)),
  )
  const [grantTypes, setGrants] = useState<GrantType[]>(
    client?.grantTypes ?? ['client_credentials'],
  )
  const [redirects, setRedirects] = useState((client?.redirectUris ?? []).join('\n'))
  const [hasWebhook, setHasWebhook] = useState(client?.webhook !== undefined)
  const [url, setUrl] = useState(client?.webhook?.url ?? '')
  const [events, setEvents] = useState<WebhookEvent[]>(
    client?.webhook?.events ?? ['ms.MessagingEventNotification'],
  )
  const [isTried, setTried] = useState(false)
  const isConsented = grantTypes.includes('authorization_code')
  const lines = redirects.split('\n').map((line) => line.trim())
  const redirectUris = isConsented ? lines.filter((line) => line !== '') : []
  const webhook = hasWebhook ? { url: url.trim(), events } : undefined
  const draft = { name, scopes, grantTypes, redirectUris, ...(webhook && { webhook }) }
  const own = isTried ? problemsOf(createClient.body, draft) : NO_PROBLEMS
  const idOf = useSentId()
  const write = useDialogMutation({
    mutationFn: async (): Promise<Once | undefined> => {
      if (client) {
        const { clientId } = client
        const { clients } = await ask(accountId, listClients)
        const before = fieldsOf(client)
        const newest = fieldsOf(clients.find((one) => one.clientId === clientId) ?? client)
        const merged = changedOver(fieldsOf(draft), before, newest)
        // A right that it has and you have not stays, as long as the scopes are not named.
        await ask(accountId, changeClient, {
          params: { clientId },
          body: changedOf(merged, newest),
        })
        return undefined
      }
      const made = await ask(accountId, createClient, {
        body: { ...draft, requestId: idOf(draft) },
      })
      return {
        name: made.name,
        values: [
          [t.clientId, made.clientId],
          [t.clientSecret, made.clientSecret],
        ],
      }
    },
    onDone: onClose,
  })
  return (
    <FormDialog
      title={client ? t.editApplication(client.name) : t.add.applications}
      submit={client ? operateWords.save : t.create}
      error={own.size > 0 ? t.fix(own.size) : write.error}
      problems={own.size > 0 ? own : undefined}
      isPending={write.isPending}
      onSubmit={() => {
        setTried(true)
        if (problemsOf(createClient.body, draft).size === 0) write.mutate()
      }}
      onClose={() => onClose()}
    >
      <Field
        label={t.name}
        value={name}
        onChange={setName}
        maxLength={255}
        autoFocus
        member="name"
      />
      <Checks
        label={t.scopes}
        hint={t.rightsHint}
        options={SCOPES.map((id) => ({ id, name: id }))}
        value={scopes}
        onChange={setScopes}
        member="scopes"
      />
      <Checks
        label={t.grants}
        options={GRANT_TYPES.map((id) => ({ id, name: t.grantNames[id] }))}
        value={grantTypes}
        onChange={setGrants}
        member="grantTypes"
      />
      {isConsented && (
        <Field
          label={t.redirects}
          hint={t.redirectsHint}
          lines={3}
          value={redirects}
          onChange={setRedirects}
          member="redirectUris"
        />
      )}
      <CheckBox label={t.webhook} isSelected={hasWebhook} onChange={setHasWebhook} />
      {hasWebhook && (
        <>
          <Field
            label={t.webhookUrl}
            value={url}
            onChange={setUrl}
            maxLength={2_048}
            member="webhook.url"
          />
          <Checks
            label={t.webhookEvents}
            options={WEBHOOK_EVENTS.map((id) => ({ id, name: id }))}
            value={events}
            onChange={setEvents}
            member="webhook.events"
          />
        </>
      )}
    </FormDialog>
  )
}

type Fields = Pick<OAuthClient, 'name' | 'scopes' | 'grantTypes' | 'redirectUris'> & {
  webhook?: Webhook | undefined
}

function fieldsOf({ name, scopes, grantTypes, redirectUris, webhook }: Fields) {
  const known = SCOPES.filter((scope) => scopes.includes(scope))
  const hears: Webhook | null = webhook ?? null
  return { name, scopes: known, grantTypes, redirectUris, webhook: hears }
}
