import type { BotAgents } from '#bots/bot-agents'
import type { Settings } from '#identity/settings'
import type { Conversations } from '#messaging/conversations'
import type { Reading } from '#messaging/reading'
import type { Routing } from '#messaging/routing'
import type { Base } from '#base/store'

export interface BotMessagingDeps extends Pick<Base, 'store' | 'clock' | 'logger'> {
  botAgents: Pick<BotAgents, 'connect' | 'noteTyping'>
  conversations: Conversations
  reading: Reading
  routing: Pick<Routing, 'countHosted' | 'readSlots' | 'setHostedBot'>
  settings: Pick<Settings, 'get'>
}
