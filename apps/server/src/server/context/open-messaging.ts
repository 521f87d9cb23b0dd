import type { Accounts } from '#identity/accounts'
import type { Audit } from '#identity/audit'
import type { Credentials } from '#identity/credentials'
import type { Settings } from '#identity/settings'
import type { Delivery } from '#base/delivery'
import { type ConversationDecisions, openConversations } from '#messaging/conversations'
import { openFiles } from '#messaging/files'
import { openPeople } from '#messaging/people'
import { openReading } from '#messaging/reading'
import { openRouting, routingRows } from '#messaging/routing'
import type { Base } from '#base/store'

/** The modules of conversations. */
export type Messaging = ReturnType<typeof openMessaging>

/** Opens them in their order. What bots decide about conversations is given at opening. */
export function openMessaging(
  opened: AsyncDisposableStack,
  base: Base & {
    delivery: Delivery
    accounts: Accounts
    audit: Audit
    settings: Settings
    credentials: Credentials
  },
  decisions: Omit<ConversationDecisions, 'routingRows'>,
) {
  const reading = opened.use(openReading(base))
  const people = openPeople({ ...base, reading })
  const conversations = opened.use(
    openConversations({ ...base, ...decisions, reading, routingRows }),
  )
  const routing = opened.use(openRouting({ ...base, reading, conversations }))
  const files = openFiles(base)
  return { reading, people, conversations, routing, files }
}
