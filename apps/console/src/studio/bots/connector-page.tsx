import {
  changeConnector,
  type Connector,
  createConnector,
  deleteConnector,
  getConnector,
  setConnectorState,
  testConnector,
} from '@parley/contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { changedOf, changedOver, isSame } from '../api/changed.ts'
import { ask } from '../api/server.ts'
import { useSentId } from '../api/use-sent-id.ts'
import { useMay } from '../session/use-session.ts'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { Page } from '../ui/page.tsx'
import { RemoveDialog } from '../ui/remove-dialog.tsx'
import { BotStateChip } from './bot-state-chip.tsx'
import { changeOf, type ConnectorForm as Form, draftOf, formOf } from './connector-draft.ts'
import { ConnectorErrors } from './connector-errors.tsx'
import { ConnectorFacts } from './connector-facts.tsx'
import { ConnectorForm } from './connector-form.tsx'
import { ConsumerLink } from './consumer-link.tsx'
import { ErrorName } from './error-name.tsx'
import { botWords as t } from './words.ts'

/** A new connector. */
export function NewConnectorPage() {
  const { accountId } = useParams({ from: '/$accountId/bots/connectors/new' })
  const mayWrite = useMay(accountId, 'account:write')
  const client = useQueryClient()
  const navigate = useNavigate()
  const idOf = useSentId()
  const create = useMutation({
    mutationFn: (form: Form) => {
      const draft = draftOf(form)
      return ask(accountId, createConnector, { body: { ...draft, connectorId: idOf(draft) } })
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ['connectors', accountId] }),
  })
  // Given to `mutate`, it runs only while the page is there.
  const onSuccess = ({ connectorId }: { connectorId: string }): void =>
    void navigate({
      to: '/$accountId/bots/connectors/$connectorId',
      params: { accountId, connectorId },
      search: { isNew: true },
      ignoreBlocker: true,
    })
  if (!mayWrite) {
    return (
      <Page title={t.newConnector}>
        <Empty text={t.mayNot} />
      </Page>
    )
  }
  return (
    <Page title={t.newConnector}>
      <ConnectorForm
        accountId={accountId}
        connector={undefined}
        error={create.error}
        isPending={create.isPending || create.isSuccess}
        onSave={(form) => create.mutate(form, { onSuccess })}
      />
    </Page>
  )
}

const PATH = '/$accountId/bots/connectors/$connectorId'
const REFRESH_MS = 15_000

/** One connector: how it is, what failed, and what it is made of. */
export function ConnectorPage() {
  const { accountId, connectorId } = useParams({ from: PATH })
  const query = useQuery({
    queryKey: ['connectors', accountId, connectorId],
    queryFn: () => ask(accountId, getConnector, { params: { connectorId } }),
    // It may stop answering by itself.
    refetchInterval: REFRESH_MS,
  })
  if (query.data) return <KnownConnector accountId={accountId} connector={query.data} />
  return (
    <Page title={t.connectors}>
      <Loaded query={query}>{() => null}</Loaded>
    </Page>
  )
}

function KnownConnector({ accountId, connector }: { accountId: string; connector: Connector }) {
  const { connectorId, name, state } = connector
  const mayWrite = useMay(accountId, 'account:write')
  const client = useQueryClient()
  const navigate = useNavigate()
  const { isNew } = useSearch({ from: PATH })
  const [said, setSaid] = useState(isNew ? t.created : '')
  const [isLeaving, setLeaving] = useState(false)
  /** What the form began with. */
  const [base, setBase] = useState(connector)
  /** Rises when the form begins anew. */
  const [shown, setShown] = useState(0)
  const params = { connectorId }
  const know = (known: Connector): void => {
    client.setQueryData(['connectors', accountId, connectorId], known)
  }
  const test = useMutation({
    mutationFn: () => ask(accountId, testConnector, { params }),
    onMutate: () => setSaid(''),
  })
  const turn = useMutation({
    mutationFn: (wanted: 'online' | 'offline') =>
      ask(accountId, setConnectorState, { params, body: { state: wanted } }),
    onMutate: () => setSaid(''),
    onSuccess: (known) => {
      know(known)
      setSaid(
        known.state === 'online' ? t.started : known.state === 'offline' ? t.stopped : t.notStarted,
      )
    },
  })
  const save = useMutation({
    mutationFn: async ({ form, before }: { form: Form; before: Form }) => {
      const newest = formOf(await ask(accountId, getConnector, { params }))
      const merged = changeOf(changedOver(form, before, newest))
      return await ask(accountId, changeConnector, {
        params,
        body: changedOf(merged, changeOf(newest)),
      })
    },
    onMutate: () => setSaid(''),
    onSuccess: (known) => {
      know(known)
      setBase(known)
      // What was found before may not hold any more.
      test.reset()
      setSaid(t.saved)
    },
  })
  const isChanged = !isSame(formOf(connector), formOf(base))
  const isOn = state !== 'offline'
  return (
    <Page
      title={name}
      actions={
        <>
          <ConsumerLink accountId={accountId} bot={connector} />
          <BotStateChip state={state} />
          {mayWrite && (
            <>
              <Button isPending={test.isPending} onPress={() => test.mutate()}>
                {t.test}
              </Button>
              <Button
                kind={isOn ? 'plain' : 'primary'}
                isPending={turn.isPending}
                onPress={() => turn.mutate(isOn ? 'offline' : 'online')}
              >
                {isOn ? t.stop : t.start}
              </Button>
              <Button kind="quiet" onPress={() => setLeaving(true)}>
                {t.delete}
              </Button>
            </>
          )}
        </>
      }
    >
      <div role="status">
        {said !== '' && <p>{said}</p>}
        {test.isPending && <p>{t.testing}</p>}
        {test.data?.ok === true && <p className="good">{t.testOk}</p>}
        {test.data?.ok === false && (
          <div className="notice error">
            <div>
              <p>{t.testFailed}</p>
              <ErrorName name={test.data.error?.name ?? ''} reason={test.data.error?.reason} />
            </div>
          </div>
        )}
      </div>
      {test.error && <ErrorNotice error={test.error} />}
      {turn.error && <ErrorNotice error={turn.error} />}
      <div className="bot-page">
        <div className="stack">
          {isChanged && (
            <p className="notice" role="status">
              {t.changedElsewhere}{' '}
              <Button
                onPress={() => {
                  setBase(connector)
                  setShown(shown + 1)
                }}
              >
                {t.showTheirs}
              </Button>
            </p>
          )}
          {mayWrite ? (
            <ConnectorForm
              key={shown}
              accountId={accountId}
              connector={base}
              error={save.error}
              isPending={save.isPending}
              onTyped={() => setSaid('')}
              onSave={(form, before, done) => save.mutate({ form, before }, { onSuccess: done })}
            />
          ) : (
            <ConnectorFacts accountId={accountId} connector={connector} />
          )}
        </div>
        <ConnectorErrors accountId={accountId} connector={connector} />
      </div>
      {isLeaving && (
        <RemoveDialog
          title={t.deleteConnector(name)}
          remove={() => ask(accountId, deleteConnector, { params })}
          onClose={(isGone) => {
            setLeaving(false)
            if (!isGone) return
            void navigate({ to: '/$accountId/bots', params: { accountId }, ignoreBlocker: true })
          }}
        >
          <p>{t.deleteConnectorText}</p>
        </RemoveDialog>
      )}
    </Page>
  )
}
