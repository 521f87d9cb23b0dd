import { type Decision, decisionOf } from '#messaging/rules'
import { ParleyError } from '#base/kernel'
import { retryStale } from '#base/kit'
import type { ChangeOptions, ChangeOutcome } from './change-options.ts'
import { commitDecision, isUnchanged } from './commit-decision.ts'
import type { WriteDeps } from './deps.ts'

/**
 * Changes one conversation: decides by its newest state, and commits only if that is still the newest, else decides
 * again. `decide` may run several times and must change nothing but the decision.
 */
export function changeConversation<Answer>(
  deps: WriteDeps,
  accountId: string,
  conversationId: string,
  decide: (decision: Decision) => Answer | Promise<Answer>,
  options: ChangeOptions = {},
): Promise<ChangeOutcome<Answer>> {
  const attempt = async (isFirst: boolean): Promise<ChangeOutcome<Answer> | 'stale'> => {
    // What this node remembers may be behind another node's writes. A commit would notice that. A refusal, or finding
    // nothing to do, is decided again by what the database holds.
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
    const decision = decisionOf(before.state, deps.clock.now())
    let answer: Answer
    try {
      answer = await decide(decision)
    } catch (error) {
      if (mayBeBehind && error instanceof ParleyError) return lookAgain()
      throw error
    }
    const { completesRow, completesTimer, adjustsTimers } = options
    const isWanted = completesRow ?? completesTimer ?? adjustsTimers
    if (!isWanted && isUnchanged(before.state, decision)) {
      return mayBeBehind ? lookAgain() : { status: 'applied', answer, state: before.state }
    }
    const mayBeStale = isFirst || options.decidesAgain === true
    const status = await commitDecision(deps, accountId, before, decision, {
      ...options,
      mayBeStale,
    })
    if (status === 'stale') return status
    return status === 'applied' ? { status, answer, state: decision.state } : { status }
  }
  return deps.queue.run(`${accountId}/${conversationId}`, () =>
    retryStale(deps, `Conversation "${conversationId}"`, attempt),
  )
}
