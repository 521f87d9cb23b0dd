import { isDeepStrictEqual } from 'node:util'
import type { ChangeFacts, ConversationState } from '@parley/contract'
import { type Draft, draftOf } from '#messaging/rules'
import { ParleyError } from '#base/kernel'
import { retryStale } from '#base/kit'
import type { CommitOperation } from '#base/store'
import { commitDraft } from './commit-draft.ts'
import type { Deps } from './deps.ts'

/** Documents and work of an outer room. */
export type CommitExtra = Partial<Pick<CommitOperation, 'documents' | 'outbox' | 'arm' | 'disarm'>>

export interface WriteOptions {
  /** The client's key of the message that is written: a second one is answered `duplicate`. */
  requestKey?: string | undefined
  /** The outbox row or timer whose work this is: ended in the same commit. */
  completesRow?: CommitOperation['completesRow']
  completesTimer?: CommitOperation['completesTimer']
  invocations?: (() => object[]) | undefined
  /** What an outer room adds to the same commit; asked after every decision. */
  extra?: (() => CommitExtra) | undefined
  causedBy?: ChangeFacts['causedBy']
  clientIp?: string | undefined
  /** When an agent has no free slot, another one is chosen. */
  decidesAgain?: boolean
}

export type WriteOutcome<Answer> =
  | { status: 'applied'; answer: Answer; state: ConversationState }
  /** The outbox row or timer was ended by somebody else: nothing was applied. */
  | { status: 'gone' }
  | { status: 'duplicate' }

/**
 * Changes one conversation: decides by its newest state, and commits only if that is still the newest, else decides
 * again. `decide` may run several times and must change nothing but the draft.
 */
export function writeConversation<Answer>(
  deps: Deps,
  accountId: string,
  conversationId: string,
  decide: (draft: Draft) => Answer | Promise<Answer>,
  options: WriteOptions = {},
): Promise<WriteOutcome<Answer>> {
  const attempt = async (isFirst: boolean): Promise<WriteOutcome<Answer> | 'stale'> => {
    // What this node remembers may be behind another node's writes. A commit would notice; a refusal, or finding
    // nothing to do, must not rest on it.
    const mayBeBehind =
      isFirst && !deps.store.isExclusive && deps.documents.peek(accountId, conversationId)
    const lookAgain = () => {
      deps.documents.forget('conversation', accountId, conversationId)
      return 'stale' as const
    }
    const before = await deps.documents.find('conversation', accountId, conversationId)
    if (!before) {
      throw new ParleyError('conversation_not_found', `No conversation "${conversationId}"`)
    }
    const draft = draftOf(before.state, deps.clock.now())
    let answer: Answer
    try {
      answer = await decide(draft)
    } catch (error) {
      if (mayBeBehind && error instanceof ParleyError) return lookAgain()
      throw error
    }
    if (!options.completesRow && !options.completesTimer && isUnchanged(before.state, draft)) {
      return mayBeBehind ? lookAgain() : { status: 'applied', answer, state: before.state }
    }
    const mayBeStale = isFirst || options.decidesAgain === true
    const status = await commitDraft(deps, accountId, before, draft, { ...options, mayBeStale })
    if (status === 'stale') return status
    return status === 'applied' ? { status, answer, state: draft.state } : { status }
  }
  return deps.queue.run(`${accountId}/${conversationId}`, () =>
    retryStale(deps, `Conversation "${conversationId}"`, attempt),
  )
}

function isUnchanged(before: ConversationState, { state, messages, changes }: Draft): boolean {
  return messages.length === 0 && changes.length === 0 && isDeepStrictEqual(before, state)
}
