import { deleteFunction, type FunctionDetail, undeployFunction } from '@parley/contract'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { ask } from '../api/server.ts'
import { settingsWords } from '../functions/settings-words.ts'
import { Button } from '../ui/button.tsx'
import { RemoveDialog } from '../ui/remove-dialog.tsx'
import { operateWords } from '../words/operate.ts'
import { words } from '../words/index.ts'

interface Props {
  accountId: string
  draft: FunctionDetail
  onUndeployed: () => void
  /** Called when it is deleted, before the page is left. */
  onDeleted: () => void
}

/** Stops a function that is live; deletes one that is not. Either comes after a question. */
export function EndOfFunction({ accountId, draft, onUndeployed, onDeleted }: Props) {
  const { functionId, name, version, liveVersion } = draft
  const client = useQueryClient()
  const navigate = useNavigate()
  const [asks, setAsks] = useState<'undeploy' | 'delete'>()
  const params = { functionId }
  const t = words.editor

  async function undeploy(): Promise<void> {
    await ask(accountId, undeployFunction, { params })
    await client.invalidateQueries({ queryKey: ['function', accountId, functionId] })
    await client.invalidateQueries({ queryKey: ['functions', accountId] })
  }

  async function remove(): Promise<void> {
    await ask(accountId, deleteFunction, { params })
    onDeleted()
  }

  async function leave(): Promise<void> {
    await client.invalidateQueries({ queryKey: ['functions', accountId] })
    await navigate({ to: '/$accountId/functions', params: { accountId }, ignoreBlocker: true })
  }

  return (
    <>
      {liveVersion === undefined ? (
        <Button key="delete" kind="quiet" onPress={() => setAsks('delete')}>
          {operateWords.delete}
        </Button>
      ) : (
        <Button key="undeploy" onPress={() => setAsks('undeploy')}>
          {t.undeploy}
        </Button>
      )}
      {asks === 'undeploy' && (
        <RemoveDialog
          title={t.undeployTitle(name)}
          submit={t.undeploy}
          remove={undeploy}
          onClose={(isUndeployed) => {
            setAsks(undefined)
            if (isUndeployed) onUndeployed()
          }}
        >
          <p>{t.undeployText(liveVersion ?? version)}</p>
          <p>{t.undeployBack(version)}</p>
        </RemoveDialog>
      )}
      {asks === 'delete' && (
        <RemoveDialog
          title={settingsWords.deleteTitle(name)}
          remove={remove}
          onClose={(isGone) => {
            setAsks(undefined)
            if (isGone) void leave()
          }}
        >
          <p>{settingsWords.deleteText}</p>
        </RemoveDialog>
      )}
    </>
  )
}
