import { allowDomain, type BlockedCall, listBlockedCalls } from '@parley/contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { ask } from '../api/server.ts'
import { useMay } from '../session/use-session.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { FunctionFilter } from '../ui/function-filter.tsx'
import { FunctionLink } from '../ui/function-link.tsx'
import { Listed } from '../ui/listed.tsx'
import { Ago } from '../ui/time.tsx'
import { domainWords } from '../words/domains.ts'
import { locale } from '../words/index.ts'
import { refusalTold } from './refusals-told.ts'

const REFRESH_MS = 15_000

interface Props {
  accountId: string
  onAllow: () => void
  onAllowed: (domain: string) => void
}

/** What functions wanted to reach, and one button to allow it. */
export function BlockedCalls({ accountId, onAllow, onAllowed }: Props) {
  const { functionId } = useSearch({ from: '/$accountId/domains' })
  const navigate = useNavigate({ from: '/$accountId/domains' })
  const client = useQueryClient()
  const t = domainWords
  const query = useQuery({
    queryKey: ['blocked-calls', accountId, functionId],
    queryFn: () => ask(accountId, listBlockedCalls, { query: { functionId } }),
    refetchInterval: REFRESH_MS,
  })
  const allow = useMutation({
    mutationFn: (domain: string) => ask(accountId, allowDomain, { body: { domain } }),
    onMutate: onAllow,
    onSuccess: ({ domain }) => onAllowed(domain),
    onSettled: () => client.invalidateQueries({ queryKey: ['blocked-calls', accountId] }),
  })
  return (
    <section className="stack" aria-label={t.blocked}>
      <h2>{t.blocked}</h2>
      <p className="faint">{t.blockedHint}</p>
      <div className="filters">
        <FunctionFilter
          accountId={accountId}
          value={functionId}
          onChange={(id) =>
            void navigate({ search: (old) => ({ ...old, functionId: id }), replace: true })
          }
        />
      </div>
      {allow.error && <ErrorNotice error={allow.error} />}
      <Listed
        label={t.blocked}
        query={query}
        rowsOf={({ blockedCalls }) => blockedCalls}
        keyOf={({ functionId: id, host, port }) => `${id} ${host}:${port}`}
        empty={
          <p className="faint">{functionId === undefined ? t.noneBlocked : t.noneBlockedOf}</p>
        }
        columns={[
          {
            head: t.host,
            cell: ({ host, port }) => (
              <bdi>
                {host}
                {port === 443 ? '' : `:${port}`}
              </bdi>
            ),
          },
          {
            head: t.from,
            cell: ({ functionId: id, calledFrom }) => (
              <>
                <FunctionLink accountId={accountId} functionId={id} />{' '}
                {calledFrom !== undefined && <code className="faint">{calledFrom}</code>}
              </>
            ),
          },
          { head: t.count, cell: ({ count }) => count.toLocaleString(locale) },
          { head: t.last, cell: ({ lastAt }) => <Ago at={lastAt} /> },
          { head: t.reason, cell: ({ reason }) => <bdi>{refusalTold(reason)}</bdi> },
          {
            head: t.allow,
            cell: (call) => (
              <Remedy
                accountId={accountId}
                call={call}
                isPending={allow.isPending}
                onAllow={(domain) => allow.mutate(domain)}
              />
            ),
          },
        ]}
      />
    </section>
  )
}

interface RemedyProps {
  accountId: string
  call: BlockedCall
  isPending: boolean
  onAllow: (domain: string) => void
}

function Remedy({ accountId, call, isPending, onAllow }: RemedyProps) {
  const mayWrite = useMay(accountId, 'allowlist:write')
  const t = domainWords
  const { allowedDomain, privateTarget } = call
  if (privateTarget !== undefined) return <span className="faint">{t.private(privateTarget)}</span>
  if (allowedDomain === undefined) return <span className="chip good">{t.isAllowed}</span>
  if (!mayWrite) return <code>{allowedDomain}</code>
  return (
    <Button isDisabled={isPending} onPress={() => onAllow(allowedDomain)}>
      {t.allowIt(allowedDomain)}
    </Button>
  )
}
