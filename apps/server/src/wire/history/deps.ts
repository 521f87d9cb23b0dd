import type { Accounts } from '#identity/accounts'
import type { People } from '#messaging/people'
import type { Reading } from '#messaging/reading'
import type { Routing } from '#messaging/routing'
import type { Base } from '#base/store'

/** What the published history needs from other modules. */
export interface Deps extends Pick<Base, 'clock'> {
  accounts: Accounts
  reading: Reading
  people: People
  routing: Routing
  /** The answers to the surveys of each of these conversations, as this API shows them. */
  surveys(accountId: string, conversationIds: readonly string[]): Promise<Map<string, object[]>>
}
