import { type ReactNode, useEffect } from 'react'
import { operateWords } from '../words/operate.ts'
import { Button } from './button.tsx'
import { ModalDialog } from './modal-dialog.tsx'
import { formOpens } from './open-forms.ts'

interface Props {
  title: string
  isWide?: boolean
  onClose: () => void
  children: ReactNode
}

/** What is shown this one time. It stays until somebody says that it is kept. */
export function OnceDialog({ title, isWide, onClose, children }: Props) {
  useEffect(() => formOpens(() => operateWords.leaveOnce), [])
  return (
    <ModalDialog title={title} isWide={isWide} isAlert>
      {children}
      <div className="dialog-actions">
        <Button kind="primary" autoFocus onPress={onClose}>
          {operateWords.haveIt}
        </Button>
      </div>
    </ModalDialog>
  )
}
