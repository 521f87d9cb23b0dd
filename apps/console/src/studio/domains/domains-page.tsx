import {
  type AllowedDomain,
  allowDomain,
  listAllowedDomains,
  removeAllowedDomain,
} from '@parley/contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { ask } from '../api/server.ts'
import { useMay } from '../session/use-session.ts'
import { CheckBox } from '../ui/check-box.tsx'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Field } from '../ui/field.tsx'
import { FilterField } from '../ui/filter-field.tsx'
import { isLike } from '../ui/is-like.ts'
import { Listed } from '../ui/listed.tsx'
import { Page } from '../ui/page.tsx'
import { RemoveDialog } from '../ui/remove-dialog.tsx'
import { Ago } from '../ui/time.tsx'
import { words } from '../words/index.ts'
import { domainWords } from '../words/domains.ts'
import { BlockedCalls } from './blocked-calls.tsx'
import { RedirectCheck } from './redirect-check.tsx'

const PATH = '/$accountId/domains'

/** Which hosts functions may reach, and what they wanted to reach. */
export function DomainsPage() {
  const { accountId } = useParams({ from: PATH })
  const { platform = false, name: sought = '' } = useSearch({ from: PATH })
  const navigate = useNavigate({ from: PATH })
  const mayWrite = useMay(accountId, 'allowlist:write')
  const [said, setSaid] = useState('')
  const [leaving, setLeaving] = useState<AllowedDomain>()
  const client = useQueryClient()
  const t = domainWords
  const query = useQuery({
    queryKey: ['domains', accountId, platform],
    queryFn: () => ask(accountId, listAllowedDomains, { query: { provisioned: String(platform) } }),
  })
  const fresh = (): void => void client.invalidateQueries({ queryKey: ['domains', accountId] })
  const onAllow = (): void => setSaid('')
  function onAllowed(domain: string): void {
    setSaid(t.allowed(domain))
    fresh()
  }

  return (
    <Page title={t.title}>
      <p className="faint">{t.intro}</p>
      <p role="status">{said}</p>
      {mayWrite && <AddDomain {...{ accountId, onAllow, onAllowed }} />}
      <div className="filters" role="search">
        <FilterField
          label={words.functions.filter}
          value={sought}
          onChange={(name) => void navigate({ search: (old) => ({ ...old, name }), replace: true })}
        />
      </div>
      <Listed
        label={t.title}
        query={query}
        rowsOf={({ domains }) =>
          domains.filter(({ domain, name }) => isLike([domain, name], sought))
        }
        keyOf={({ domainId }) => String(domainId)}
        empty={<Empty text={sought === '' ? t.none : words.common.nothingLike} />}
        columns={[
          { head: t.domain, cell: ({ domain }) => <bdi>{domain}</bdi> },
          {
            head: t.name,
            cell: ({ domain, name, provisioned }) => (
              <>
                {name !== domain && <bdi>{name}</bdi>}{' '}
                {provisioned && <span className="chip">{t.platform}</span>}
              </>
            ),
          },
          {
            head: t.since,
            cell: ({ createdAt, createdBy }) =>
              createdAt !== undefined && (
                <>
                  <Ago at={createdAt} /> <bdi className="faint">{createdBy}</bdi>
                </>
              ),
          },
          {
            isHidden: !mayWrite,
            head: t.remove,
            cell: (one) =>
              !one.provisioned && (
                <Button
                  kind="quiet"
                  aria-label={`${t.remove} ${one.domain}`}
                  onPress={() => setLeaving(one)}
                >
                  {t.remove}
                </Button>
              ),
          },
        ]}
      />
      <CheckBox
        label={t.showPlatform}
        isSelected={platform}
        onChange={(isShown) =>
          void navigate({
            search: (old) => ({ ...old, platform: isShown || undefined }),
            replace: true,
          })
        }
      />
      <BlockedCalls {...{ accountId, onAllow, onAllowed }} />
      {mayWrite && <RedirectCheck accountId={accountId} />}
      {leaving && (
        <RemoveDialog
          title={t.removeTitle(leaving.domain)}
          submit={t.remove}
          remove={() =>
            ask(accountId, removeAllowedDomain, { params: { domainId: leaving.domainId } })
          }
          onClose={(isGone) => {
            if (isGone) setSaid(t.removed(leaving.domain))
            setLeaving(undefined)
            fresh()
          }}
        >
          <p>{t.removeText}</p>
        </RemoveDialog>
      )}
    </Page>
  )
}

interface AddProps {
  accountId: string
  onAllow: () => void
  onAllowed: (domain: string) => void
}

function AddDomain({ accountId, onAllow, onAllowed }: AddProps) {
  const t = domainWords
  const [domain, setDomain] = useState('')
  const [name, setName] = useState('')
  const add = useMutation({
    mutationFn: () =>
      ask(accountId, allowDomain, { body: { domain, ...(name !== '' && { name }) } }),
    onMutate: onAllow,
    onSuccess: (allowed) => {
      setDomain('')
      setName('')
      onAllowed(allowed.domain)
    },
  })
  function submit(submitted: FormEvent): void {
    submitted.preventDefault()
    add.mutate()
  }
  return (
    <form className="filters" onSubmit={submit} aria-label={t.add}>
      <Field
        label={t.domain}
        hint={t.domainHint}
        value={domain}
        onChange={setDomain}
        maxLength={253}
        isRequired
      />
      <Field label={t.name} value={name} onChange={setName} maxLength={200} />
      <Button type="submit" kind="primary" isPending={add.isPending}>
        {t.allow}
      </Button>
      {add.error && <ErrorNotice error={add.error} />}
    </form>
  )
}
