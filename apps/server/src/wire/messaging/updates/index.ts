export { FOLLOWED_DIALOGS, HELD, SHOWN_CONVERSATIONS, SHOWN_RINGS } from './bounds.ts'
export type { Connection } from './connection.ts'
export { notifyAgentState } from './notify-agent-states.ts'
export { listFilterOf, notifyFirstConversations } from './notify-conversations.ts'
export { notifyHeldMessages, notifyLaterMessages } from './notify-messages.ts'
export { asRung, goOnWithRings, notifyFirstRings } from './notify-rings.ts'
export { openUpdates, type Updates } from './open.ts'
export type {
  AgentSession,
  ConsumerSession,
  ConversationSubscription,
  Cursor,
  Session,
} from './session.ts'
