import type { FormEvent, ReactNode } from 'react'
import { words } from '../words/index.ts'
import { Button } from './button.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { ModalDialog } from './modal-dialog.tsx'

interface Props {
  title: string
  /** The word on the button that does it. */
  submit: string
  kind?: 'primary' | 'danger'
  /** Nothing is to be written first: Enter answers at once. So it is where `kind` is `danger`. */
  isQuestion?: boolean
  error: unknown
  isPending: boolean
  isWide?: boolean
  onSubmit: () => void
  onClose: () => void
  children: ReactNode
}

/** A question or a form over the page: Enter does it, Escape does not. */
export function FormDialog(props: Props) {
  const { title, submit, kind = 'primary', error, isPending, isWide, children } = props
  const { isQuestion = kind === 'danger' } = props
  function onSubmit(submitted: FormEvent): void {
    submitted.preventDefault()
    props.onSubmit()
  }
  return (
    <ModalDialog title={title} isWide={isWide} isForm={!isQuestion} onClose={props.onClose}>
      <form className="dialog-form" onSubmit={onSubmit}>
        {children}
        {error !== null && error !== undefined && <ErrorNotice error={error} />}
        <div className="dialog-actions">
          <Button onPress={props.onClose}>{words.common.cancel}</Button>
          <Button type="submit" kind={kind} isPending={isPending} autoFocus={isQuestion}>
            {submit}
          </Button>
        </div>
      </form>
    </ModalDialog>
  )
}
