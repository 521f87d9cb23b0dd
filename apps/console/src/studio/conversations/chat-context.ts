import type { Chat } from '@parley/contract'
import type { useNames } from '../api/use-names.ts'
import type { ChatLine } from './chat-timeline.ts'

export interface ChatContext {
  accountId: string
  chat: Chat
  names: ReturnType<typeof useNames>
  lines: readonly ChatLine[]
  /** Opens another line and goes there. */
  reveal: (key: string) => void
}
