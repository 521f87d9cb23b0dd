import type { BotSettings, BotState } from '@parley/contract'
import type { GeneratedAlways } from 'kysely'

export interface BotAgentTable {
  accountId: string
  botId: string
  /** Which module answers for it. */
  kind: string
  /** The bot's own user, and what conversations show of it. */
  userId: string
  pid: string
  name: string
  state: BotState
  /** Another one with each stop. */
  stopId: string | null
  settings: BotSettings
  createdAt: Date
  updatedAt: Date
}

export interface BotErrorTable {
  accountId: string
  botId: string
  errorId: string
  position: GeneratedAlways<number>
  name: string
  /** `null`: the name says it all, or a node of version 0.1.0 has written it. */
  reason: string | null
  conversationId: string
  at: Date
}

export interface ConnectorTable {
  accountId: string
  connectorId: string
  definition: object
  /** The secret that the vendor's tokens are asked for with. */
  sealedSecret: string | null
}

export interface BuilderBotTable {
  accountId: string
  botId: string
  /** The id that the bot has in its export. */
  exportId: string
  /** The newest. */
  revision: number
  /** Skills of the account by those of the export. */
  skillMap: object
  /** Canned answers of integrations by their names. */
  answers: object
}

export interface BuilderBotRevisionTable {
  accountId: string
  botId: string
  revision: number
  /** The export as it came. */
  file: string
  createdAt: Date
}
