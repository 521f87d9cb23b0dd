import { type ApiKey, deleteApiKey, listApiKeys } from '@parley/contract'
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
import { KeyDialog } from './key-dialog.tsx'
import { LastUse, Made } from './made.tsx'
import { type Once, SecretsDialog } from './secrets-dialog.tsx'
import { accessWords as t } from './words.ts'

type Opened = { for: 'write'; apiKey?: ApiKey } | { for: 'end'; apiKey: ApiKey }

/** OAuth1 keys. */
export function ApiKeys({ accountId, sought }: { accountId: string; sought: string }) {
  const [opened, setOpened] = useState<Opened>()
  const [once, setOnce] = useState<Once>()
  const query = useQuery({
    queryKey: ['access', accountId, 'keys'],
    queryFn: () => ask(accountId, listApiKeys),
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
          {t.add.keys}
        </Button>
      </p>
      <Listed
        label={t.parts.keys}
        query={query}
        rowsOf={({ apiKeys }) =>
          apiKeys.filter(({ name, appKey }) => isLike([name, appKey], sought))
        }
        keyOf={({ keyId }: ApiKey) => keyId}
        empty={<Empty text={sought === '' ? t.none.keys : words.common.nothingLike} />}
        columns={[
          {
            head: t.name,
            cell: ({ name, appKey, keptPermissions }) => (
              <>
                <bdi>{name}</bdi> {keptPermissions && <span className="chip warn">{t.kept}</span>}
                <p>
                  <code className="faint">{appKey}</code>
                </p>
              </>
            ),
          },
          {
            head: t.rights,
            cell: ({ permissions }) => (
              <details>
                <summary>{t.rightsCount(permissions.length)}</summary>
                <code>{permissions.join(', ')}</code>
              </details>
            ),
          },
          { head: t.used, cell: ({ lastUsedAt }) => <LastUse at={lastUsedAt} /> },
          { head: t.made, cell: (one) => <Made at={one.createdAt} by={one.createdBy} /> },
          {
            head: operateWords.actions,
            cell: (apiKey) => (
              <span className="actions">
                <Button
                  kind="quiet"
                  aria-label={t.editOf(apiKey.name)}
                  onPress={() => setOpened({ for: 'write', apiKey })}
                >
                  {t.edit}
                </Button>
                <Button
                  kind="quiet"
                  aria-label={t.endOf(apiKey.name)}
                  onPress={() => setOpened({ for: 'end', apiKey })}
                >
                  {t.end}
                </Button>
              </span>
            ),
          },
        ]}
      />
      {opened?.for === 'write' && (
        <KeyDialog accountId={accountId} apiKey={opened.apiKey} onClose={close} />
      )}
      {opened?.for === 'end' && (
        <RemoveDialog
          title={t.endKey(opened.apiKey.name)}
          submit={t.end}
          remove={() => ask(accountId, deleteApiKey, { params: { keyId: opened.apiKey.keyId } })}
          onClose={() => close()}
        >
          <p>{t.endKeyText}</p>
        </RemoveDialog>
      )}
      {once && <SecretsDialog once={once} onClose={() => setOnce(undefined)} />}
    </>
  )
}
