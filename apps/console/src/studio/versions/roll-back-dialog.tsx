import { type DeploymentDetail, rollBackFunction } from '@parley/contract'
import { ask } from '../api/server.ts'
import { FormDialog } from '../ui/form-dialog.tsx'
import { useDialogMutation } from '../ui/use-dialog-mutation.ts'
import { versionWords as t } from '../words/versions.ts'
import { Comparison } from './comparison.tsx'

interface Props {
  accountId: string
  deployment: DeploymentDetail
  live: number | undefined
  onClose: (version?: number) => void
}

/** What rolling back changes, and the question whether to. */
export function RollBackDialog({ accountId, deployment, live, onClose }: Props) {
  const { functionId, deploymentId, version } = deployment
  const rollBack = useDialogMutation({
    mutationFn: () => ask(accountId, rollBackFunction, { params: { functionId, deploymentId } }),
    onDone: () => onClose(version),
  })
  return (
    <FormDialog
      title={t.rollBackTitle(version)}
      submit={t.rollBack}
      isQuestion
      isWide={live !== undefined}
      error={rollBack.error}
      isPending={rollBack.isPending}
      onSubmit={() => rollBack.mutate()}
      onClose={() => onClose()}
    >
      <p>{t.rollBackText(live, version)}</p>
      {live !== undefined && (
        <Comparison accountId={accountId} functionId={functionId} from={live} to={version} />
      )}
    </FormDialog>
  )
}
