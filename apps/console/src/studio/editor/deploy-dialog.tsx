import { deployFunction, type FunctionDetail, getFunctionVersion } from '@parley/contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { ask } from '../api/server.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
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
  const deploy = useMutation({
    mutationFn: () => ask(accountId, deployFunction, { params: { functionId } }),
    onSuccess: async ({ version }) => {
      await client.invalidateQueries({ queryKey: ['function', accountId, functionId] })
      await client.invalidateQueries({ queryKey: ['functions', accountId] })
      onClose(version)
    },
  })
  const t = words.editor
  return (
    <ModalOverlay
      className="overlay"
      isOpen
      isDismissable
      onOpenChange={(isOpen) => !isOpen && onClose()}
    >
      <Modal className={liveVersion === undefined ? 'modal' : 'modal wide'}>
        <Dialog className="dialog">
          <Heading slot="title">{t.deployTitle}</Heading>
          <p>{t.deployText(draft.version, liveVersion)}</p>
          {live.data && (
            <CodeDiff language={draft.language} before={live.data.code} after={draft.code} />
          )}
          {live.error && <ErrorNotice error={live.error} />}
          {deploy.error && <ErrorNotice error={deploy.error} />}
          <div className="dialog-actions">
            <Button onPress={() => onClose()}>{words.common.cancel}</Button>
            <Button
              kind="primary"
              autoFocus
              isPending={deploy.isPending}
              onPress={() => deploy.mutate()}
            >
              {t.deploy}
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
