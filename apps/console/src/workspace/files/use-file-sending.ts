import { getConsumerPage } from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { useCallback } from 'react'
import { ask } from '../../studio/api/server.ts'
import type { FileSender } from './file-sender.ts'

const SETTINGS_HOLD_MS = 300_000

/** How files are sent in a conversation; `undefined` where it takes none. */
export function useFileSending(
  sender: FileSender,
  accountId: string,
  conversationId: string,
  takesFiles: boolean,
): ((files: File[]) => void) | undefined {
  const { data } = useQuery({
    queryKey: ['consumer-page', accountId, 'files'],
    queryFn: () => ask(accountId, getConsumerPage),
    staleTime: SETTINGS_HOLD_MS,
    enabled: takesFiles,
  })
  const maxBytes = data?.files.maxBytes
  const send = useCallback(
    (files: File[]) => sender.send(conversationId, files, maxBytes),
    [sender, conversationId, maxBytes],
  )
  return takesFiles ? send : undefined
}
