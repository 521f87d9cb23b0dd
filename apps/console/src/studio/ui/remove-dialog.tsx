import type { ReactNode } from 'react'
import { operateWords } from '../words/operate.ts'
import { FormDialog } from './form-dialog.tsx'
import { useDialogMutation } from './use-dialog-mutation.ts'

interface Props<Removed> {
  title: string
  /** The word on the button that does it; "Delete" unless given. */
  submit?: string
  remove: () => Promise<Removed>
  /** @param isRemoved whether it is gone now, and `removed` what that answered */
  onClose: (isRemoved: boolean, removed?: Removed) => void
  children: ReactNode
}

/** Asks before something is removed, and removes it. */
export function RemoveDialog<Removed>({
  title,
  submit,
  remove,
  onClose,
  children,
}: Props<Removed>) {
  const { error, isPending, mutate } = useDialogMutation({
    mutationFn: remove,
    onDone: (removed) => onClose(true, removed),
  })
  return (
    <FormDialog
      title={title}
      submit={submit ?? operateWords.delete}
      kind="danger"
      error={error}
      isPending={isPending}
      onSubmit={() => mutate()}
      onClose={() => onClose(false)}
    >
      {children}
    </FormDialog>
  )
}
