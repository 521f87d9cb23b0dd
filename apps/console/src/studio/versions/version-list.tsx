import type { DeploymentDetail, FunctionDetail, listFunctionVersions } from '@parley/contract'
import { CircleCheck, CircleX, Pencil } from 'lucide-react'
import type * as z from 'zod'
import { Button } from '../ui/button.tsx'
import { LongTable } from '../ui/long-table.tsx'
import { Instant } from '../ui/time.tsx'
import { words } from '../words/index.ts'
import { versionWords as t } from '../words/versions.ts'

type Version = z.output<typeof listFunctionVersions.reply>['versions'][number]

interface Props {
  detail: FunctionDetail
  versions: readonly Version[]
  deployments: readonly DeploymentDetail[]
  mayWrite: boolean
  onCompare: (version: number) => void
  onRollBack: (deployment: DeploymentDetail) => void
  onRestore: (version: number) => void
}

/** Each save: who, when, and what was deployed of it. */
export function VersionList({ detail, versions, deployments, mayWrite, ...on }: Props) {
  return (
    <div className="versions">
      <LongTable
        label={t.list}
        rows={versions}
        keyOf={({ version }) => String(version)}
        columns={[
          {
            head: t.version,
            cell: ({ version }) => (
              <>
                {version} {version === detail.version && <DraftChip />}{' '}
                {version === detail.liveVersion && <LiveChip />}
              </>
            ),
          },
          {
            head: t.saved,
            cell: ({ createdAt, createdBy, restoredFrom }) => (
              <>
                <Instant at={createdAt} />{' '}
                <span className="faint">
                  <bdi>{words.functions.by(createdBy)}</bdi>
                  {restoredFrom !== undefined && `, ${t.restoredFrom(restoredFrom)}`}
                </span>
              </>
            ),
          },
          {
            head: t.deployments,
            cell: ({ version }) =>
              deployments
                .filter((one) => one.version === version)
                .map((one) => <Deployment key={one.deploymentId} deployment={one} />),
          },
          {
            head: t.actions,
            cell: ({ version }) => {
              const finished = deployments.find(
                (one) => one.version === version && one.state === 'Deploy Finish',
              )
              const act = (name: string, onPress: () => void) => (
                <Button aria-label={`${name}: ${t.option(version)}`} onPress={onPress}>
                  {name}
                </Button>
              )
              return (
                <span className="actions">
                  {act(t.compare, () => on.onCompare(version))}
                  {mayWrite &&
                    finished &&
                    version !== detail.liveVersion &&
                    act(t.rollBack, () => on.onRollBack(finished))}
                  {mayWrite &&
                    version !== detail.version &&
                    act(t.restore, () => on.onRestore(version))}
                </span>
              )
            },
          },
        ]}
      />
    </div>
  )
}

function DraftChip() {
  return (
    <span className="chip">
      <Pencil aria-hidden size={14} />
      {t.newest}
    </span>
  )
}

function LiveChip() {
  return (
    <span className="chip good">
      <CircleCheck aria-hidden size={14} />
      {t.live}
    </span>
  )
}

function Deployment({ deployment }: { deployment: DeploymentDetail }) {
  const { name, createdBy, createdAt, error, rollbackOf } = deployment
  return (
    <div>
      <Instant at={createdAt} />{' '}
      <span className="faint">
        <bdi>{t.deployed(name, createdBy)}</bdi>
        {rollbackOf !== undefined && `, ${t.rolledBack}`}
      </span>
      {error && (
        <span className="bad">
          <CircleX aria-hidden size={14} /> {t.failed}: {error.errorMsg}
        </span>
      )}
    </div>
  )
}
