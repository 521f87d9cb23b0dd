import type { Accounts } from '#identity/accounts'
import type { Conversations } from '#messaging/conversations'
import type { Files } from '#messaging/files'
import type { Base } from '#base/store'

/** What answering requests needs from other modules. */
export interface Deps extends Pick<Base, 'clock' | 'ids' | 'logger'> {
  accounts: Accounts
  conversations: Conversations
  files: Files
}
