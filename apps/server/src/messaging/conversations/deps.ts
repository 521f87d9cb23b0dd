import type { ConversationState, IdleKind, StoredMessage } from '@parley/contract'
import type { Accounts } from '#identity/accounts'
import type { Settings } from '#identity/settings'
import type { Delivery } from '#base/delivery'
import type { KeyedQueue } from '#base/kit'
import type { ChatState, Documents, Reading } from '#messaging/reading'
import type { IdleThreshold } from '#messaging/rules'
import type { Base, OutboxInsert } from '#base/store'
import type { ChangeObserver } from './observers.ts'

/** Who closes MAIN: a participant, a function by its command, or time. */
export type Ending = 'participant' | 'function' | 'time'

/** Makes rows of the outbox for the application that opened a conversation and has no socket: what it is told. */
export interface ConnectorRows {
  ofChange(
    accountId: string,
    state: ConversationState,
    messages: readonly StoredMessage[],
  ): Promise<OutboxInsert[]>
  ofChatState(
    accountId: string,
    state: ConversationState,
    chatState: ChatState,
  ): Promise<OutboxInsert[]>
}

/** What modules that are opened later decide about conversations. */
export interface ConversationDecisions {
  /** Each gets an outbox row for every change that it wants. */
  observers: readonly ChangeObserver[]
  idleThresholds(
    accountId: string,
    skillId: string,
  ): Promise<Partial<Record<IdleKind, IdleThreshold>>>
  /** What they go by is read again: another node may have changed it and died. */
  readIdleAgain(accountId: string): void
  /** The survey that follows when MAIN is closed in this way; `undefined` when none does. */
  surveyAfter(
    accountId: string,
    conversation: ConversationState,
    ending: Ending,
  ): Promise<{ appInstallId: string; bot: { userId: string; pid: string } } | undefined>
  connectorRows: ConnectorRows
  /** What routing has to look at after a change: rows of its outbox consumer. */
  routingRows(
    before: ConversationState | undefined,
    after: ConversationState,
    freedAgents: readonly string[],
    /** Of the conversation after the change. */
    version: number,
  ): OutboxInsert[]
}

export interface ConversationsDeps
  extends Pick<Base, 'store' | 'clock' | 'monotonic' | 'ids' | 'logger'>, ConversationDecisions {
  delivery: Delivery
  accounts: Accounts
  settings: Pick<Settings, 'get' | 'alsoWrite' | 'readAgain'>
  reading: Reading
}

/** What the operations of this module need. */
export interface WriteDeps extends ConversationsDeps {
  documents: Documents
  /** On one node, changes of one conversation, agent or consumer run one after the other. */
  queue: KeyedQueue
}
