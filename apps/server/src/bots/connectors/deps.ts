import type { Audit } from '#identity/audit'
import type { Credentials } from '#identity/credentials'
import type { CallOutDeps } from '#faas/egress'
import type { Functions } from '#faas/functions'
import type { Invocations } from '#faas/invocations'
import type { BotAgents } from '#bots/bot-agents'
import type { Base } from '#base/store'
import type { EndpointTokens } from './endpoint-tokens.ts'

/** What the module is opened with. */
export interface OpenConnectorsDeps
  extends Pick<Base, 'store' | 'ids' | 'wallClock' | 'logger'>, CallOutDeps {
  audit: Audit
  botAgents: BotAgents
  credentials: Pick<Credentials, 'secrets' | 'appTokens' | 'clients'>
  functions: Pick<Functions, 'find'>
  invocations: Pick<Invocations, 'invokeOne' | 'record'>
}

/** What its operations need. */
export interface ConnectorsDeps extends OpenConnectorsDeps {
  tokens: EndpointTokens
}
