import type { Audit } from '#identity/audit'
import type { Functions } from '#faas/functions'
import type { Invocations } from '#faas/invocations'
import type { BotAgents } from '#bots/bot-agents'
import type { Base } from '#base/store'

/** What the module is opened with. */
export interface ConnectorsDeps extends Pick<Base, 'store' | 'ids'> {
  audit: Audit
  botAgents: BotAgents
  functions: Pick<Functions, 'find'>
  invocations: Pick<Invocations, 'invokeOne' | 'record'>
}
