import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'

interface Options<Data> {
  mutationFn: () => Promise<Data>
  onError?: (error: Error) => Promise<void>
  /** Whether the dialog is still open or not. */
  onSuccess?: (data: Data) => Promise<void> | void
  /** After `onSuccess`, while the dialog is open: closes it, and leads on from it. */
  onDone: (data: Data) => void
}

/**
 * A request that a dialog sends. A late success does not touch what is open by then, a dialog or another page: it only refreshes what
 * is shown.
 */
export function useDialogMutation<Data>({ onSuccess, onDone, ...options }: Options<Data>) {
  const client = useQueryClient()
  const isOpen = useRef(false)
  useEffect(() => {
    isOpen.current = true
    return () => {
      isOpen.current = false
    }
  }, [])
  return useMutation({
    ...options,
    async onSuccess(data) {
      await onSuccess?.(data)
      if (isOpen.current) onDone(data)
      else await client.invalidateQueries()
    },
  })
}
