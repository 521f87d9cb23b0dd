import { requestErasure } from '@parley/contract'
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
  if (!mayErase) return null
  return (
    <EraseButton
      accountId={accountId}
      label={t.eraseConsumer}
      title={t.eraseTitle(consumerName)}
      text={t.eraseText}
      erase={() => ask(accountId, requestErasure, { body: { consumerId } })}
    />
  )
}
