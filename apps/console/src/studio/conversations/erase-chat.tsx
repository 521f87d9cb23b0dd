import { eraseChat } from '@parley/contract'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { ask } from '../api/server.ts'
import { useMay } from '../session/use-session.ts'
import { Button } from '../ui/button.tsx'
import { RemoveDialog } from '../ui/remove-dialog.tsx'
import { conversationWords } from '../words/conversations.ts'
import { chatWords as t } from './chat-words.ts'

interface Props {
  accountId: string
  chatId: string
}

/** Erases an ended live chat. */
export function EraseChat({ accountId, chatId }: Props) {
  const mayErase = useMay(accountId, 'conversation:manage')
  const navigate = useNavigate()
  const [isAsking, setAsking] = useState(false)
  async function erase(): Promise<void> {
    await ask(accountId, eraseChat, { params: { chatId } })
    await navigate({ to: '/$accountId/conversations', params: { accountId } })
  }
  if (!mayErase) return null
  return (
    <>
      <Button kind="danger" onPress={() => setAsking(true)}>
        {t.eraseChat}
      </Button>
      {isAsking && (
        <RemoveDialog
          title={t.eraseTitle}
          submit={conversationWords.erase}
          remove={erase}
          onClose={() => setAsking(false)}
        >
          <p>{t.eraseText}</p>
        </RemoveDialog>
      )}
    </>
  )
}
