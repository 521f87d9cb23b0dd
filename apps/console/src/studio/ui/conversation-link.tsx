import type { ConversationSummary } from '@parley/contract'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

interface Props {
  accountId: string
  channel: ConversationSummary['channel']
  id: string
  className?: string
  title?: string
  /** The run that is shown first. */
  at?: string
  children: ReactNode
}

/** To the timeline of a conversation, or of a live chat. Long lists have many of these: none is loaded before it is followed. */
export function ConversationLink({ accountId, channel, id, at, children, ...look }: Props) {
  return channel === 'chat' ? (
    <Link
      to="/$accountId/conversations/chats/$chatId"
      params={{ accountId, chatId: id }}
      search={{ at }}
      preload={false}
      {...look}
    >
      {children}
    </Link>
  ) : (
    <Link
      to="/$accountId/conversations/$conversationId"
      params={{ accountId, conversationId: id }}
      search={{ at }}
      preload={false}
      {...look}
    >
      {children}
    </Link>
  )
}
