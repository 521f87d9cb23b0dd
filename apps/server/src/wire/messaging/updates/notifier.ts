import type { ConversationState } from '@parley/contract'
import type { ChatState, ConversationUpdate } from '#messaging/reading'
import type { Deps } from './deps.ts'
import type { Session } from './session.ts'

/** Sends a notification to one session, if that session has subscribed to it. */
export type Notify = (session: Session) => void

/** One kind of notification: what raises it, and how a session catches up. */
export interface Notifier {
  /** Called once for each committed update. The result is called for every session that the conversation concerns. */
  conversationUpdated?(update: ConversationUpdate): Notify
  /** Called once for each erasure. The result is called for every session of the account. */
  conversationErased?(conversationId: string): Notify
  /** `state` is absent when this node does not have the conversation in memory. */
  chatStateChanged?(chatState: ChatState, state: ConversationState | undefined): Notify
  /** Called for every session of an agent of the account. */
  agentChanged?(deps: Deps, session: Session, userId: string): Promise<void>
  /**
   * Sends a session what it missed while this node got no notifications of other nodes; updates of conversations have been sent.
   * Called again when it fails.
   */
  catchUp?(deps: Deps, session: Session): Promise<void>
  /** Sends a session what it may see now, and takes back what it may not. Called again when it fails. */
  rightsChanged?(deps: Deps, session: Session): Promise<void>
}
