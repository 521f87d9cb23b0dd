import type { ReactNode } from 'react'
import { Dialog } from 'react-aria-components/Dialog'
import { Heading } from 'react-aria-components/Heading'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'

interface Props {
  title: string
  isWide?: boolean | undefined
  /** Something that must be decided: it does not go away by a click beside it. */
  isAlert?: boolean
  /** It has fields: a click beside it would lose what is typed. */
  isForm?: boolean
  /** What Escape does; without it, the dialog stays until what it is for has happened. */
  onClose?: () => void
  children: ReactNode
}

/** The one shape of whatever stands over a page. */
export function ModalDialog({ title, isWide, isAlert, isForm, onClose, children }: Props) {
  return (
    <ModalOverlay
      className="overlay"
      isOpen
      isDismissable={onClose !== undefined && !isAlert && !isForm}
      isKeyboardDismissDisabled={onClose === undefined}
      onOpenChange={(isOpen) => !isOpen && onClose?.()}
    >
      <Modal className={isWide ? 'modal wide' : 'modal'}>
        <Dialog className="dialog" role={isAlert ? 'alertdialog' : 'dialog'}>
          <Heading slot="title">{title}</Heading>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
