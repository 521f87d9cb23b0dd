import type { Accounts } from '#identity/accounts'
import type { Audit } from '#identity/audit'
import type { Base } from '#base/store'
import type { BotAgents } from '#bots/bot-agents'
import type { ContextStore } from '#faas/context-store'
import type { FunctionConfig } from '#faas/function-config'
import type { Invocations } from '#faas/invocations'
import type { Sandbox } from '#faas/sandbox'
import type { Reading } from '#messaging/reading'
import type { Exports } from './open-exports.ts'

/** What the module is opened with. */
export interface OpenBuilderBotsDeps extends Pick<Base, 'store' | 'clock' | 'monotonic' | 'ids'> {
  audit: Audit
  accounts: Pick<Accounts, 'alsoRemoveWithSkills' | 'skills'>
  botAgents: BotAgents
  contextStore: ContextStore
  functionConfig: Pick<FunctionConfig, 'allowlist' | 'secrets'>
  invocations: Pick<Invocations, 'invokeOne' | 'record'>
  reading: Pick<Reading, 'readerOf'>
  sandbox: Pick<Sandbox, 'invoke'>
}

/** What its operations need. */
export interface BuilderBotsDeps extends OpenBuilderBotsDeps {
  exports: Exports
}

/** The kind of bots that come from Conversation Builder. */
export const BUILDER = 'builder'
