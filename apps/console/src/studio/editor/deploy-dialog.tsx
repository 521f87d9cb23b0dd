import { deployFunction, type FunctionDetail, getFunctionVersion } from '@parley/contract'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { ask, ServerError } from '../api/server.ts'
import { ReplayRecent } from '../replay/replay-recent.tsx'
import { useMay } from '../session/use-session.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { useDialogMutation } from '../ui/use-dialog-mutation.ts'
import { words } from '../words/index.ts'
import { CodeDiff } from './code-diff.tsx'

interface Props {
  accountId: string
  draft: FunctionDetail
  onClose: (deployed?: number) => void
}

/** The draft beside what is live, and the question whether it shall be live. */
export function DeployDialog({ accountId, draft, onClose }: Props) {
  const client = useQueryClient()
  const { functionId, liveVersion } = draft
  const live = useQuery({
    queryKey: ['version', accountId, functionId, liveVersion],
    queryFn: () =>
      ask(accountId, getFunctionVersion, { params: { functionId, version: liveVersion ?? 0 } }),
    enabled: liveVersion !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const deploy = useDialogMutation({
    // Only what stands here: somebody may have saved meanwhile, which is shown first.
    mutationFn: () =>
      ask(accountId, deployFunction, { params: { functionId }, query: { version: draft.version } }),
    async onError(error) {
      if (!(error instanceof ServerError) || error.code !== 'function_changed_meanwhile') return
      await client.invalidateQueries({ queryKey: ['function', accountId, functionId] })
    },
    async onSuccess() {
      await client.invalidateQueries({ queryKey: ['function', accountId, functionId] })
      await client.invalidateQueries({ queryKey: ['functions', accountId] })
    },
    onDone: ({ version }) => onClose(version),
  })
  const mayReplay = useMay(accountId, 'record:replay')
  const t = words.editor
  return (
    <FormDialog
      title={t.deployTitle}
      submit={t.deploy}
      isQuestion
      isWide={liveVersion !== undefined}
      error={deploy.error}
      isPending={deploy.isPending}
      onSubmit={() => deploy.mutate()}
      onClose={() => onClose()}
    >
      <p>{t.deployText(draft.version, liveVersion)}</p>
      {live.data && (
        <CodeDiff
          language={draft.language}
          before={live.data.code}
          after={draft.code}
          names={[t.version(live.data.version), t.version(draft.version)]}
        />
      )}
      {mayReplay && (
        <ReplayRecent
          accountId={accountId}
          functionId={functionId}
          prepare={() => Promise.resolve()}
        />
      )}
      {live.error && <ErrorNotice error={live.error} />}
    </FormDialog>
  )
}
