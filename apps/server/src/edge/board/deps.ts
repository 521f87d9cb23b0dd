import type { Base } from '#base/store'
import type { LiveChat } from '#chat/live-chat'
import type { Accounts } from '#identity/accounts'
import type { Settings } from '#identity/settings'
import type { Conversations } from '#messaging/conversations'
import type { People } from '#messaging/people'
import type { Reading } from '#messaging/reading'
import type { Routing } from '#messaging/routing'

/** What the operations of this module need. */
export interface BoardDeps extends Pick<Base, 'store' | 'clock'> {
  accounts: Pick<Accounts, 'users' | 'skills'>
  settings: Pick<Settings, 'get'>
  reading: Pick<Reading, 'readerOf' | 'getConversation'>
  conversations: Pick<Conversations, 'updateConversation'>
  people: Pick<People, 'findNames'>
  routing: Pick<Routing, 'listAgentStates' | 'orderAvailability'>
  chat: { served: Pick<LiveChat['served'], 'listOpen'> }
}
