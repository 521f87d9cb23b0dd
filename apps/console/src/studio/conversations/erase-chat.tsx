import { eraseChat } from '@parley/contract'
import { ask } from '../api/server.ts'
import { useMay } from '../session/use-session.ts'
import { chatWords as t } from './chat-words.ts'
import { EraseButton } from './erase-button.tsx'

interface Props {
  accountId: string
  chatId: string
}

/** Erases an ended live chat. */
export function EraseChat({ accountId, chatId }: Props) {
  const mayErase = useMay(accountId, 'conversation:manage')
  if (!mayErase) return null
  return (
    <EraseButton
      accountId={accountId}
      label={t.eraseChat}
      title={t.eraseTitle}
      text={t.eraseText}
      erase={() => ask(accountId, eraseChat, { params: { chatId } })}
    />
  )
}
