import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useMay } from '../session/use-session.ts'
import { Empty } from '../ui/empty.tsx'
import { FilterField } from '../ui/filter-field.tsx'
import { Page } from '../ui/page.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { words } from '../words/index.ts'
import { ApiKeys } from './api-keys.tsx'
import { Applications } from './applications.tsx'
import { Issuers } from './issuers.tsx'
import { Lives } from './lives.tsx'
import { ACCESS_PARTS } from './parts.ts'
import { SigningKeys } from './signing-keys.tsx'
import { accessWords as t } from './words.ts'

const PATH = '/$accountId/access'
const PARTS = {
  applications: Applications,
  keys: ApiKeys,
  issuers: Issuers,
  signing: SigningKeys,
  lives: Lives,
}

/** Which programs come in, and by what: applications, keys, issuers, and how long tokens are good for. */
export function AccessPage() {
  const { accountId } = useParams({ from: PATH })
  const { show = 'applications', name = '' } = useSearch({ from: PATH })
  const navigate = useNavigate({ from: PATH })
  const mayWrite = useMay(accountId, 'account:write')
  const mayReadDomains = useMay(accountId, 'allowlist:read')
  const Part = PARTS[show]
  if (!mayWrite) {
    return (
      <Page title={t.title}>
        <Empty text={t.mayNot} />
      </Page>
    )
  }
  return (
    <Page title={t.title}>
      <Tabs
        label={t.part}
        tabs={ACCESS_PARTS.map((id) => ({ id, name: t.parts[id] }))}
        value={show}
        onChange={(id) => void navigate({ search: { show: id }, replace: true })}
      />
      <p className="faint">{t.hints[show]}</p>
      {(show === 'applications' || show === 'keys') && (
        <div className="filters" role="search">
          <FilterField
            label={words.functions.filter}
            value={name}
            onChange={(typed) =>
              void navigate({ search: (old) => ({ ...old, name: typed }), replace: true })
            }
          />
        </div>
      )}
      <Part accountId={accountId} sought={name} />
      {mayReadDomains && (
        <p className="links faint">
          {t.hosts}
          <Link to="/$accountId/domains" params={{ accountId }}>
            {t.domains}
          </Link>
        </p>
      )}
    </Page>
  )
}
