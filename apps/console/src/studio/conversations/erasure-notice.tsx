import { getErasure } from '@parley/contract'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { ask } from '../api/server.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { conversationWords as t } from '../words/conversations.ts'

const AGAIN_MS = 3_000

/** How far the erasure of a consumer is. */
export function ErasureNotice({ accountId, erasureId }: { accountId: string; erasureId: string }) {
  const client = useQueryClient()
  const { data, error } = useQuery({
    queryKey: ['erasure', accountId, erasureId],
    queryFn: () => ask(accountId, getErasure, { params: { erasureId } }),
    refetchInterval: ({ state }) => (state.data?.state === 'done' ? false : AGAIN_MS),
  })
  const isDone = data?.state === 'done'
  useEffect(() => {
    if (isDone) void client.invalidateQueries({ queryKey: ['conversations', accountId] })
  }, [isDone, client, accountId])
  if (error) return <ErrorNotice error={error} />
  return (
    <p className="notice" role="status">
      {data && (isDone ? t.erased(data.conversations) : t.erasing)}
    </p>
  )
}
