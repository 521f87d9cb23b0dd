import { type FunctionDetail, undeployFunction } from '@parley/contract'
import { useQueryClient } from '@tanstack/react-query'
import { ask } from '../api/server.ts'
import { RemoveDialog } from '../ui/remove-dialog.tsx'
import { words } from '../words/index.ts'

interface Props {
  accountId: string
  draft: FunctionDetail
  onClose: (isUndeployed: boolean) => void
}

/** Asks before a function that is live stops. */
export function UndeployDialog({ accountId, draft, onClose }: Props) {
  const client = useQueryClient()
  const { functionId, name, version, liveVersion } = draft
  const t = words.editor

  async function undeploy(): Promise<void> {
    await ask(accountId, undeployFunction, { params: { functionId } })
    await client.invalidateQueries({ queryKey: ['function', accountId, functionId] })
    await client.invalidateQueries({ queryKey: ['functions', accountId] })
  }

  return (
    <RemoveDialog
      title={t.undeployTitle(name)}
      submit={t.undeploy}
      remove={undeploy}
      onClose={onClose}
    >
      <p>{t.undeployText(liveVersion ?? version)}</p>
      <p>{t.undeployBack(version)}</p>
    </RemoveDialog>
  )
}
