import { deleteSecret, listSecrets, type SecretSummary } from '@parley/contract'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { ask } from '../api/server.ts'
import { useMay } from '../session/use-session.ts'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { FilterField } from '../ui/filter-field.tsx'
import { isLike } from '../ui/is-like.ts'
import { Listed } from '../ui/listed.tsx'
import { Page } from '../ui/page.tsx'
import { RemoveDialog } from '../ui/remove-dialog.tsx'
import { Ago } from '../ui/time.tsx'
import { words } from '../words/index.ts'
import { operateWords } from '../words/operate.ts'
import { secretWords } from '../words/secrets.ts'
import { Environment } from './environment.tsx'
import { SecretDialog } from './secret-dialog.tsx'

const PATH = '/$accountId/secrets'

/** What functions are given: secrets, whose values never come back, and environment variables. */
export function SecretsPage() {
  const { accountId } = useParams({ from: PATH })
  const { name: sought = '' } = useSearch({ from: PATH })
  const navigate = useNavigate({ from: PATH })
  const mayWrite = useMay(accountId, 'secret:write')
  const mayReadSource = useMay(accountId, 'function:source')
  const client = useQueryClient()
  const [said, setSaid] = useState('')
  /** The secret that gets a value; `new` for one that is not there yet. */
  const [writing, setWriting] = useState<SecretSummary | 'new'>()
  const [leaving, setLeaving] = useState<SecretSummary>()
  const t = secretWords
  const query = useQuery({
    queryKey: ['secrets', accountId],
    queryFn: () => ask(accountId, listSecrets, { query: { provisioned: 'true' } }),
  })
  const fresh = (): void => void client.invalidateQueries({ queryKey: ['secrets', accountId] })
  return (
    <Page
      title={t.title}
      actions={
        mayWrite && (
          <Button kind="primary" onPress={() => setWriting('new')}>
            <Plus aria-hidden size={16} />
            {t.add}
          </Button>
        )
      }
    >
      <p role="status">{said}</p>
      <h2>{t.secrets}</h2>
      <p className="faint">{t.secretsHint}</p>
      <div className="filters" role="search">
        <FilterField
          label={words.functions.filter}
          value={sought}
          onChange={(name) => void navigate({ search: (old) => ({ ...old, name }), replace: true })}
        />
      </div>
      <Listed
        label={t.secrets}
        query={query}
        rowsOf={({ secrets }) => secrets.filter(({ name }) => isLike([name], sought))}
        keyOf={({ name }) => name}
        empty={<Empty text={sought === '' ? t.none : words.common.nothingLike} />}
        columns={[
          {
            head: t.name,
            cell: ({ name, provisioned, unmasked, unreadable }) => (
              <>
                <code>{name}</code> {provisioned && <span className="chip">{t.platform}</span>}
                {unreadable && <span className="chip bad">{t.unreadable}</span>}
                {unmasked.length > 0 && (
                  <span
                    className="chip warn"
                    title={unmasked.map(({ path, message }) => `${path} ${message}`).join('\n')}
                  >
                    {t.unmasked}
                  </span>
                )}
              </>
            ),
          },
          { head: t.type, cell: ({ type }) => t.types[type] },
          { head: t.versions, cell: ({ version }) => version },
          {
            head: t.changed,
            cell: ({ updatedAt, updatedBy }) => (
              <>
                <Ago at={updatedAt} /> <bdi className="faint">{updatedBy}</bdi>
              </>
            ),
          },
          {
            head: t.used,
            cell: ({ lastUsedAt }) =>
              lastUsedAt === undefined ? (
                <span className="faint">{t.never}</span>
              ) : (
                <Ago at={lastUsedAt} />
              ),
          },
          {
            isHidden: !mayWrite,
            head: operateWords.actions,
            cell: (one) =>
              !one.provisioned && (
                <span className="actions">
                  <Button
                    kind="quiet"
                    aria-label={`${t.replace} ${one.name}`}
                    onPress={() => setWriting(one)}
                  >
                    {t.replace}
                  </Button>
                  <Button
                    kind="quiet"
                    aria-label={`${operateWords.delete} ${one.name}`}
                    onPress={() => setLeaving(one)}
                  >
                    {operateWords.delete}
                  </Button>
                </span>
              ),
          },
        ]}
      />
      {mayReadSource && <Environment accountId={accountId} />}
      {writing && (
        <SecretDialog
          accountId={accountId}
          secret={writing === 'new' ? undefined : writing}
          onClose={(text) => {
            if (text !== undefined) setSaid(text)
            setWriting(undefined)
            fresh()
          }}
        />
      )}
      {leaving && (
        <RemoveDialog
          title={t.deleteTitle(leaving.name)}
          remove={() => ask(accountId, deleteSecret, { params: { name: leaving.name } })}
          onClose={(isGone) => {
            if (isGone) setSaid(t.deleted(leaving.name))
            setLeaving(undefined)
            fresh()
          }}
        >
          <p>{t.deleteText}</p>
        </RemoveDialog>
      )}
    </Page>
  )
}
