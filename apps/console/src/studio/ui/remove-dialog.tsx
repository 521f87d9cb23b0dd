import { useMutation } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { operateWords } from '../words/operate.ts'
import { FormDialog } from './form-dialog.tsx'

interface Props {
  title: string
  /** The word on the button that does it; "Delete" unless given. */
  submit?: string
  remove: () => Promise<unknown>
  /** @param isRemoved whether it is gone now */
  onClose: (isRemoved: boolean) => void
  children: ReactNode
}

/** Asks before something is removed, and removes it. */
export function RemoveDialog({ title, submit, remove, onClose, children }: Props) {
  const { error, isPending, mutate } = useMutation({
    mutationFn: remove,
    onSuccess: () => onClose(true),
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
