import { requestErasure } from '@parley/contract'
import { useNavigate } from '@tanstack/react-router'
import { ask } from '../api/server.ts'
import { useMay } from '../session/use-session.ts'
import { conversationWords as t } from '../words/conversations.ts'
import { EraseButton } from './erase-button.tsx'

interface Props {
  accountId: string
  consumerId: string
  consumerName: string | undefined
}

/** Erases all that is kept about a consumer, and shows in the list how far that is. */
export function EraseConsumer({ accountId, consumerId, consumerName = consumerId }: Props) {
  const mayErase = useMay(accountId, 'account:write')
  const navigate = useNavigate()
  async function erase(): Promise<void> {
    const { erasureId } = await ask(accountId, requestErasure, { body: { consumerId } })
    await navigate({
      to: '/$accountId/conversations',
      params: { accountId },
      search: { erasure: erasureId },
      ignoreBlocker: true,
    })
  }
  if (!mayErase) return null
  return (
    <EraseButton
      label={t.eraseConsumer}
      title={t.eraseTitle(consumerName)}
      text={t.eraseText}
      erase={erase}
    />
  )
}
