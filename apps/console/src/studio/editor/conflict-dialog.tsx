import type { FunctionDetail } from '@parley/contract'
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { Button } from '../ui/button.tsx'
import { words } from '../words/index.ts'
import { CodeDiff } from './code-diff.tsx'

interface Props {
  theirs: FunctionDetail
  mine: string
  onTheirs: () => void
  onMine: () => void
  onClose: () => void
}

/** Two people have written at the same time: nothing is lost before one of them decides. */
export function ConflictDialog({ theirs, mine, onTheirs, onMine, onClose }: Props) {
  const t = words.editor
  return (
    <ModalOverlay className="overlay" isOpen onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Modal className="modal wide">
        <Dialog className="dialog" role="alertdialog">
          <Heading slot="title">{t.conflictTitle}</Heading>
          <p>{t.conflictText(theirs.version, theirs.updatedBy)}</p>
          <CodeDiff language={theirs.language} before={theirs.code} after={mine} />
          <div className="dialog-actions">
            <Button onPress={onClose}>{words.common.cancel}</Button>
            <Button onPress={onTheirs}>{t.theirs}</Button>
            <Button kind="primary" onPress={onMine}>
              {t.mine}
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
