import { deleteIssuer, listIssuers, type TokenIssuer } from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { queries } from '../api/queries.ts'
import { ask } from '../api/server.ts'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { Listed } from '../ui/listed.tsx'
import { RemoveDialog } from '../ui/remove-dialog.tsx'
import { Ago } from '../ui/time.tsx'
import { operateWords } from '../words/operate.ts'
import { IssuerDialog } from './issuer-dialog.tsx'
import { accessWords as t } from './words.ts'

/** Whose tokens say who a consumer is. */
export function Issuers({ accountId }: { accountId: string }) {
  const [isAdding, setAdding] = useState(false)
  const [leaving, setLeaving] = useState<TokenIssuer>()
  const query = useQuery({
    queryKey: ['access', accountId, 'issuers'],
    queryFn: () => ask(accountId, listIssuers),
  })
  function close(): void {
    setAdding(false)
    setLeaving(undefined)
    void queries.invalidateQueries({ queryKey: ['access', accountId] })
  }
  return (
    <>
      <p>
        <Button kind="primary" onPress={() => setAdding(true)}>
          <Plus aria-hidden size={16} />
          {t.add.issuers}
        </Button>
      </p>
      <Listed
        label={t.parts.issuers}
        query={query}
        rowsOf={({ issuers }) => issuers}
        keyOf={({ issuer }: TokenIssuer) => issuer}
        empty={<Empty text={t.none.issuers} />}
        columns={[
          { head: t.issuer, cell: ({ issuer }) => <bdi>{issuer}</bdi> },
          { head: t.audience, cell: ({ audience }) => <bdi>{audience}</bdi> },
          {
            head: t.keys,
            cell: ({ keys }) =>
              keys.map(({ kty, kid }) => (kid ? `${kty} ${kid}` : kty)).join(', '),
          },
          { head: t.made, cell: ({ createdAt }) => <Ago at={createdAt} /> },
          {
            head: operateWords.actions,
            cell: (one) => (
              <Button kind="quiet" aria-label={t.endOf(one.issuer)} onPress={() => setLeaving(one)}>
                {t.end}
              </Button>
            ),
          },
        ]}
      />
      {isAdding && <IssuerDialog accountId={accountId} onClose={close} />}
      {leaving && (
        <RemoveDialog
          title={t.endIssuer(leaving.issuer)}
          submit={t.end}
          remove={() => ask(accountId, deleteIssuer, { params: { issuer: leaving.issuer } })}
          onClose={close}
        >
          <p>{t.endIssuerText}</p>
        </RemoveDialog>
      )}
    </>
  )
}
