import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { Button } from '../ui/button.tsx'
import { RemoveDialog } from '../ui/remove-dialog.tsx'
import { conversationWords } from '../words/conversations.ts'

interface Props {
  accountId: string
  label: string
  title: string
  /** What goes with it. */
  text: string
  /** Resolves to the erasure whose progress is to be shown, if any. */
  erase: () => Promise<{ erasureId: string } | undefined>
}

/** Asks before something is erased, and leads to the list afterwards. */
export function EraseButton({ accountId, label, title, text, erase }: Props) {
  const navigate = useNavigate()
  const [isAsking, setAsking] = useState(false)
  return (
    <>
      <Button kind="danger" onPress={() => setAsking(true)}>
        {label}
      </Button>
      {isAsking && (
        <RemoveDialog
          title={title}
          submit={conversationWords.erase}
          remove={erase}
          onClose={(isErased, erasure) => {
            setAsking(false)
            if (!isErased) return
            void navigate({
              to: '/$accountId/conversations',
              params: { accountId },
              search: { erasure: erasure?.erasureId },
              ignoreBlocker: true,
            })
          }}
        >
          <p>{text}</p>
        </RemoveDialog>
      )}
    </>
  )
}
