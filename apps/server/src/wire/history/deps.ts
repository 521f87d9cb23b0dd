import type { Accounts } from '#identity/accounts'
import type { Conversations } from '#messaging/conversations'
import type { Base } from '#base/store'

/** What the published history needs from other modules. */
export interface Deps extends Pick<Base, 'clock'> {
  accounts: Accounts
  conversations: Conversations
  /** The answers to the surveys of each of these conversations, as this API shows them. */
  surveys(accountId: string, conversationIds: readonly string[]): Promise<Map<string, object[]>>
}
