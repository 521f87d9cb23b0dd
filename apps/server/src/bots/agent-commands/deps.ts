import type { Base } from '#base/store'
import type { LiveChat } from '#chat/live-chat'
import type { Functions } from '#faas/functions'
import type { Invocations } from '#faas/invocations'
import type { Settings } from '#identity/settings'
import type { Reading } from '#messaging/reading'

/** What the operations of this module need. */
export interface AgentCommandsDeps extends Pick<Base, 'ids'> {
  functions: Pick<Functions, 'drafts'>
  invocations: Pick<Invocations, 'invokeOne' | 'record'>
  reading: Pick<Reading, 'getConversation' | 'readerOf'>
  settings: Pick<Settings, 'get'>
  chat: Pick<LiveChat, 'findSeenChat'>
}
