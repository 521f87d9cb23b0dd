import { type FormEvent, type ReactNode, useEffect, useState } from 'react'
import { words } from '../words/index.ts'
import { Button } from './button.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { ModalDialog } from './modal-dialog.tsx'
import { Form } from './form.tsx'
import { type Problems, problemsOfError } from './problems.ts'
import { typedForm } from './typed-form.ts'

interface Props {
  title: string
  /** The word on the button that does it. */
  submit: string
  kind?: 'primary' | 'danger'
  /** Nothing is to be written first: Enter answers at once. So it is where `kind` is `danger`. */
  isQuestion?: boolean
  error: unknown
  /** What is wrong before it is sent; absent, it is what the server has refused. */
  problems?: Problems | undefined
  isPending: boolean
  isWide?: boolean
  onSubmit: () => void
  onClose: () => void
  children: ReactNode
}

/**
 * A question or a form over the page: Enter does it, Escape does not, and asks first where something is typed. While it is done,
 * Cancel asks as well: what may be refused is not lost.
 */
export function FormDialog(props: Props) {
  const { title, submit, kind = 'primary', error, problems, isPending, isWide, children } = props
  const { isQuestion = kind === 'danger' } = props
  const [typed] = useState(typedForm)
  useEffect(() => typed.isPending(isPending), [typed, isPending])
  function onSubmit(submitted: FormEvent): void {
    submitted.preventDefault()
    props.onSubmit()
  }
  return (
    <ModalDialog
      title={title}
      isWide={isWide}
      isForm={!isQuestion}
      onClose={() => typed.mayLeave() && props.onClose()}
    >
      <Form
        problems={problems ?? problemsOfError(error)}
        className="dialog-form"
        ref={typed.watch}
        onSubmit={onSubmit}
      >
        {children}
        {error !== null && error !== undefined && <ErrorNotice error={error} />}
        <div className="dialog-actions">
          <Button onPress={() => (!isPending || typed.mayLeave()) && props.onClose()}>
            {words.common.cancel}
          </Button>
          <Button type="submit" kind={kind} isPending={isPending} autoFocus={isQuestion}>
            {submit}
          </Button>
        </div>
      </Form>
    </ModalDialog>
  )
}
