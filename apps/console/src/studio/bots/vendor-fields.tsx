import type { ConnectorVendor } from '@parley/contract'
import { useFunctions } from '../api/use-names.ts'
import { Choice } from '../ui/choice.tsx'
import { Field } from '../ui/field.tsx'
import { UnlessUnread } from '../ui/unless-unread.tsx'
import type { ConnectorForm } from './connector-draft.ts'
import { FunctionChoice } from './function-choice.tsx'
import { botWords as t } from './words.ts'

interface Props {
  accountId: string
  form: ConnectorForm
  change: (part: Partial<ConnectorForm>) => void
  /** What answers now; absent for a new connector. */
  before: ConnectorVendor | undefined
}

const ENDPOINT = ['baseUrl', 'botId', 'environment', 'clientId'] as const

/** What answers for the bot: a function, or a program outside with the application that it is called as. */
export function VendorFields({ accountId, form, change, before }: Props) {
  const { isLoaded, functions, functionsQuery } = useFunctions(accountId)
  const { endpoint } = form
  // The server keeps the secret of an application as long as it stays the same.
  const isKept = before?.kind === 'endpoint' && before.clientId === endpoint.clientId
  return (
    <>
      <Choice
        label={t.what}
        value={form.kind}
        options={(['function', 'endpoint'] as const).map((id) => ({ id, name: t.kinds[id] }))}
        onChange={(id) => change({ kind: id === 'endpoint' ? 'endpoint' : 'function' })}
      />
      {form.kind === 'function' ? (
        <UnlessUnread query={functionsQuery}>
          <FunctionChoice
            accountId={accountId}
            label={t.function}
            functions={functions}
            value={form.functionId}
            onChange={(functionId) => change({ functionId })}
            member="vendor.functionId"
            isRequired
          />
          {isLoaded && functions.length === 0 && <p className="faint">{t.noFunctions}</p>}
        </UnlessUnread>
      ) : (
        <div className="form-row">
          {ENDPOINT.map((name) => (
            <Field
              key={name}
              label={t[name]}
              hint={name === 'baseUrl' ? t.baseUrlHint : undefined}
              value={endpoint[name]}
              onChange={(text) => change({ endpoint: { ...endpoint, [name]: text } })}
              autoComplete="off"
              member={`vendor.${name}`}
            />
          ))}
          <Field
            label={t.clientSecret}
            hint={isKept ? t.secretKept : t.secretHint}
            type="password"
            value={endpoint.clientSecret}
            onChange={(clientSecret) => change({ endpoint: { ...endpoint, clientSecret } })}
            autoComplete="new-password"
            member="vendor.clientSecret"
          />
        </div>
      )}
    </>
  )
}
