import type { ReactNode } from 'react'
import { operateWords } from '../words/operate.ts'
import { Button } from './button.tsx'
import { ModalDialog } from './modal-dialog.tsx'

interface Props {
  title: string
  onClose: () => void
  children: ReactNode
}

/** Something to be read over the page. */
export function ReadingDialog({ title, onClose, children }: Props) {
  return (
    <ModalDialog title={title} isWide onClose={onClose}>
      {children}
      <div className="dialog-actions">
        <Button autoFocus onPress={onClose}>
          {operateWords.close}
        </Button>
      </div>
    </ModalDialog>
  )
}
