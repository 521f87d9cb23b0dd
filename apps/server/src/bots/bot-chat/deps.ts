import type { BotAgents } from '#bots/bot-agents'
import type { LiveChat } from '#chat/live-chat'
import type { Accounts } from '#identity/accounts'
import type { Delivery } from '#base/delivery'
import type { Routing } from '#messaging/routing'
import type { Base } from '#base/store'

export interface BotChatDeps extends Pick<Base, 'clock' | 'store'> {
  delivery: Delivery
  accounts: Pick<Accounts, 'users' | 'skills' | 'listLoggedIn' | 'readAgain' | 'alsoWriteWithUsers'>
  botAgents: Pick<BotAgents, 'connect' | 'directory' | 'noteTyping'>
  chat: Pick<LiveChat, 'served'>
  routing: Pick<Routing, 'findAgent' | 'readSlots'>
}
