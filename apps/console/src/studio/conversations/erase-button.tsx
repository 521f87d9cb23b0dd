import { useState } from 'react'
import { Button } from '../ui/button.tsx'
import { RemoveDialog } from '../ui/remove-dialog.tsx'
import { conversationWords } from '../words/conversations.ts'

interface Props {
  label: string
  title: string
  /** What goes with it. */
  text: string
  erase: () => Promise<void>
}

/** Asks before something is erased. */
export function EraseButton({ label, title, text, erase }: Props) {
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
          onClose={() => setAsking(false)}
        >
          <p>{text}</p>
        </RemoveDialog>
      )}
    </>
  )
}
