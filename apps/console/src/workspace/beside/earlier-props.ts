import type { ConversationSummary } from '@parley/contract'
import type { Reader } from '../chats/read-chat.ts'
import type { Desk } from '../desk/desk.ts'
import type { Talk } from '../desk/state.ts'

/** Beside which conversation earlier ones stand, and who reads them. */
export interface EarlierProps {
  desk: Desk
  accountId: string
  /** The one that is open; it is left out. */
  talk: Talk
  consumerName: string
  /** Whose page it is. */
  reader: Reader
  names: { skillName: (id: string) => string; userName: (pid: string) => string }
}

/** One of them, to be read. */
export interface OpenedProps extends EarlierProps {
  opened: ConversationSummary
  title: string
  onClose: () => void
}
