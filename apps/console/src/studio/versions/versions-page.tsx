import { type DeploymentDetail, restoreFunctionVersion } from '@parley/contract'
import { useMutation } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { ask } from '../api/server.ts'
import { useMay } from '../session/use-session.ts'
import { Choice } from '../ui/choice.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Page } from '../ui/page.tsx'
import { useUnread } from '../ui/use-unread.tsx'
import { Waiting } from '../ui/waiting.tsx'
import { versionWords as t } from '../words/versions.ts'
import { Comparison } from './comparison.tsx'
import { RollBackDialog } from './roll-back-dialog.tsx'
import { useVersions } from './use-versions.ts'
import { VersionList } from './version-list.tsx'
import { VersionSource } from './version-source.tsx'

const ROUTE = '/$accountId/functions/$functionId/versions'

/** Every save of a function: what differs between any two, and the way back. */
export function VersionsPage() {
  const { accountId, functionId } = useParams({ from: ROUTE })
  const search = useSearch({ from: ROUTE })
  const navigate = useNavigate({ from: ROUTE })
  const mayWrite = useMay(accountId, 'function:write')
  const { query, changed } = useVersions(accountId, functionId)
  const { unread, notice } = useUnread(query)
  const { data } = query
  const [rollingTo, setRollingTo] = useState<DeploymentDetail>()
  const [said, setSaid] = useState('')
  const restore = useMutation({
    mutationFn: (version: number) =>
      ask(accountId, restoreFunctionVersion, { params: { functionId, version } }),
    onMutate: () => setSaid(''),
    onSuccess: async (detail, version) => {
      setSaid(t.restored(detail.version, version))
      await changed()
    },
  })
  if (!data) return unread === undefined ? <Waiting /> : <Page title={t.title('')}>{notice}</Page>
  const { detail, versions, deployments } = data
  const { to = detail.version, line } = search
  const isSource = line !== undefined && search.from === undefined
  const from = search.from ?? proposedFrom(detail.liveVersion, to)
  const options = versions.map(({ version }) => ({
    id: String(version),
    name: t.option(version),
  }))
  const compare = (next: { from?: number; to?: number }): void =>
    void navigate({ search: { from, to, ...next }, replace: true })

  return (
    <Page
      title={t.title(detail.name)}
      actions={
        <>
          <span role="status" className="faint">
            {said}
          </span>
          <Link
            to="/$accountId/functions/$functionId"
            params={{ accountId, functionId }}
            className="button"
          >
            {t.toEditor}
          </Link>
        </>
      }
    >
      {restore.error && <ErrorNotice error={restore.error} />}
      <VersionList
        detail={detail}
        versions={versions}
        deployments={deployments}
        mayWrite={mayWrite}
        onCompare={(version) =>
          compare({ from: proposedFrom(detail.liveVersion, version), to: version })
        }
        onRollBack={setRollingTo}
        onRestore={(version) => restore.mutate(version)}
      />
      {isSource ? (
        <VersionSource {...{ accountId, functionId, version: to, line }} />
      ) : versions.length < 2 ? (
        <p className="empty">{t.only}</p>
      ) : (
        <section className="part" aria-label={t.compare}>
          <div className="filters">
            <Choice
              label={t.compare}
              value={String(from)}
              options={options}
              onChange={(id) => compare({ from: Number(id) })}
            />
            <Choice
              label={t.with}
              value={String(to)}
              options={options}
              onChange={(id) => compare({ to: Number(id) })}
            />
          </div>
          <Comparison {...{ accountId, functionId, from, to }} />
        </section>
      )}
      {rollingTo && (
        <RollBackDialog
          accountId={accountId}
          deployment={rollingTo}
          live={detail.liveVersion}
          onClose={(version) => {
            setRollingTo(undefined)
            if (version === undefined) return
            setSaid(t.rolledBackTo(version))
            void changed()
          }}
        />
      )}
    </Page>
  )
}

/** What is live, or the version before. */
function proposedFrom(live: number | undefined, to: number): number {
  return live !== undefined && live !== to ? live : Math.max(1, to - 1)
}
