import { eraseChat } from '@parley/contract'
import { useNavigate } from '@tanstack/react-router'
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
  const navigate = useNavigate()
  async function erase(): Promise<void> {
    await ask(accountId, eraseChat, { params: { chatId } })
    await navigate({ to: '/$accountId/conversations', params: { accountId }, ignoreBlocker: true })
  }
  if (!mayErase) return null
  return <EraseButton label={t.eraseChat} title={t.eraseTitle} text={t.eraseText} erase={erase} />
}
