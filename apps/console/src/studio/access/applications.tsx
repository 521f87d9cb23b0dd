import { deleteClient, listClients, type OAuthClient } from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { queries } from '../api/queries.ts'
import { ask } from '../api/server.ts'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { isLike } from '../ui/is-like.ts'
import { Listed } from '../ui/listed.tsx'
import { RemoveDialog } from '../ui/remove-dialog.tsx'
import { words } from '../words/index.ts'
import { operateWords } from '../words/operate.ts'
import { ApplicationDialog } from './application-dialog.tsx'
import { LastUse, Made } from './made.tsx'
import { type Once, SecretsDialog } from './secrets-dialog.tsx'
import { RenewDialog } from './renew-dialog.tsx'
import { accessWords as t } from './words.ts'

type Opened = { for: 'write'; client?: OAuthClient } | { for: 'renew' | 'end'; client: OAuthClient }

/** OAuth2 applications. */
export function Applications({ accountId, sought }: { accountId: string; sought: string }) {
  const [opened, setOpened] = useState<Opened>()
  const [once, setOnce] = useState<Once>()
  const query = useQuery({
    queryKey: ['access', accountId, 'clients'],
    queryFn: () => ask(accountId, listClients),
  })
  function close(shown?: Once): void {
    setOpened(undefined)
    setOnce(shown)
    void queries.invalidateQueries({ queryKey: ['access', accountId] })
  }
  return (
    <>
      <p>
        <Button kind="primary" onPress={() => setOpened({ for: 'write' })}>
          <Plus aria-hidden size={16} />
          {t.add.applications}
        </Button>
      </p>
      <Listed
        label={t.parts.applications}
        query={query}
        rowsOf={({ clients }) =>
          clients.filter(({ name, clientId }) => isLike([name, clientId], sought))
        }
        keyOf={({ clientId }: OAuthClient) => clientId}
        empty={<Empty text={sought === '' ? t.none.applications : words.common.nothingLike} />}
        columns={[
          {
            head: t.name,
            cell: ({ name, clientId, keptPermissions }) => (
              <>
                <bdi>{name}</bdi> {keptPermissions && <span className="chip warn">{t.kept}</span>}
                <p>
                  <code className="faint">{clientId}</code>
                </p>
              </>
            ),
          },
          { head: t.scopes, cell: ({ scopes }) => <code>{scopes.join(' ')}</code> },
          {
            head: t.grants,
            cell: ({ grantTypes, redirectUris }) => (
              <>
                {grantTypes.map((id) => t.grantNames[id]).join(', ')}
                {redirectUris.map((uri) => (
                  <p key={uri}>
                    <code>{uri}</code>
                  </p>
                ))}
              </>
            ),
          },
          { head: t.used, cell: ({ lastUsedAt }) => <LastUse at={lastUsedAt} /> },
          { head: t.made, cell: (one) => <Made at={one.createdAt} by={one.createdBy} /> },
          {
            head: operateWords.actions,
            cell: (client) => (
              <span className="actions">
                <Button
                  kind="quiet"
                  aria-label={t.editOf(client.name)}
                  onPress={() => setOpened({ for: 'write', client })}
                >
                  {t.edit}
                </Button>
                <Button
                  kind="quiet"
                  aria-label={t.renewOf(client.name)}
                  onPress={() => setOpened({ for: 'renew', client })}
                >
                  {t.renew}
                </Button>
                <Button
                  kind="quiet"
                  aria-label={t.endOf(client.name)}
                  onPress={() => setOpened({ for: 'end', client })}
                >
                  {t.end}
                </Button>
              </span>
            ),
          },
        ]}
      />
      {opened?.for === 'write' && (
        <ApplicationDialog accountId={accountId} client={opened.client} onClose={close} />
      )}
      {opened?.for === 'renew' && (
        <RenewDialog accountId={accountId} client={opened.client} onClose={close} />
      )}
      {opened?.for === 'end' && (
        <RemoveDialog
          title={t.endApplication(opened.client.name)}
          submit={t.end}
          remove={() =>
            ask(accountId, deleteClient, { params: { clientId: opened.client.clientId } })
          }
          onClose={() => close()}
        >
          <p>{t.endApplicationText}</p>
        </RemoveDialog>
      )}
      {once && <SecretsDialog once={once} onClose={() => setOnce(undefined)} />}
    </>
  )
}
