import type { Notifier } from './notifier.ts'
import { agentStateNotifier } from './notify-agent-states.ts'
import { chatStateNotifier } from './notify-chat-states.ts'
import { conversationNotifier } from './notify-conversations.ts'
import { messageNotifier } from './notify-messages.ts'
import { ringNotifier } from './notify-rings.ts'

/** Every kind of notification, in the order in which a session gets those of one update. A new one is a file, and a line here. */
export const NOTIFIERS: readonly Notifier[] = [
  conversationNotifier,
  ringNotifier,
  messageNotifier,
  chatStateNotifier,
  agentStateNotifier,
]
