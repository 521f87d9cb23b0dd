import { requestErasure } from '@parley/contract'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { ask } from '../api/server.ts'
import { useMay } from '../session/use-session.ts'
import { Button } from '../ui/button.tsx'
import { RemoveDialog } from '../ui/remove-dialog.tsx'
import { conversationWords as t } from '../words/conversations.ts'

interface Props {
  accountId: string
  consumerId: string
  consumerName: string | undefined
}

/** Erases all that is kept about a consumer, and shows in the list how far that is. */
export function EraseConsumer({ accountId, consumerId, consumerName = consumerId }: Props) {
  const mayErase = useMay(accountId, 'account:write')
  const navigate = useNavigate()
  const [isAsking, setAsking] = useState(false)
  async function erase(): Promise<void> {
    const { erasureId } = await ask(accountId, requestErasure, { body: { consumerId } })
    await navigate({
      to: '/$accountId/conversations',
      params: { accountId },
      search: { erasure: erasureId },
    })
  }
  if (!mayErase) return null
  return (
    <>
      <Button kind="danger" onPress={() => setAsking(true)}>
        {t.eraseConsumer}
      </Button>
      {isAsking && (
        <RemoveDialog
          title={t.eraseTitle(consumerName)}
          submit={t.erase}
          remove={erase}
          onClose={() => setAsking(false)}
        >
          <p>{t.eraseText}</p>
        </RemoveDialog>
      )}
    </>
  )
}
