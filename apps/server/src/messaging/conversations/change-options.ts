import type { ChangeFacts, ClientProperties, ConversationState } from '@parley/contract'
import type { CommitOperation, InvocationInsert, OutboxEnd } from '#base/store'

/** What another module commits together with a change. */
export type CommitExtra = Partial<
  Pick<CommitOperation, 'documents' | 'outbox' | 'arm' | 'disarm' | 'figures'>
>

export interface ChangeOptions {
  /** The client's key of the message that is written: a second one is answered `duplicate`. */
  requestKey?: string | undefined
  /** The outbox row or timer whose work this is: completed in the same commit. A function is asked after every decision. */
  completesRow?: OutboxEnd | (() => OutboxEnd)
  completesTimer?: CommitOperation['completesTimer']
  invocations?: (() => InvocationInsert[]) | undefined
  /** What another module adds to the same commit; asked after every decision. */
  extra?: (() => CommitExtra) | undefined
  causedBy?: ChangeFacts['causedBy']
  clientIp?: string | undefined
  /** What the client that asks for the change says of itself. */
  clientProperties?: ClientProperties | undefined
  /** Timers are adjusted although nothing else changes: what they go by has changed. */
  adjustsTimers?: boolean
  /** When an agent has no free slot, another one is chosen. */
  decidesAgain?: boolean
}

export type ChangeOutcome<Answer> =
  | { status: 'applied'; answer: Answer; state: ConversationState }
  /** The outbox row or timer was completed before: nothing was applied. */
  | { status: 'gone' }
  | { status: 'duplicate' }
