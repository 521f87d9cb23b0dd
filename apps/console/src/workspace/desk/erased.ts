import { getConversation } from '@parley/contract'
import { ask, ServerError } from '../../studio/api/server.ts'
import { draftOf, keepDraft } from './kept.ts'
import { type State, type Talk, talkOf } from './state.ts'

/** Erasures come in thousands where old conversations are cleared away: each page looks for its own so often. */
const REST_MS = 30_000

interface Deps {
  accountId: string
  agentId: string
  state: () => State
  change: (part: Partial<State>) => void
  fail: (error: unknown) => void
}

/** Takes conversations off the list that are over and erased, or out of the agent's sight: no subscription of the page has them any more. */
export function openErased({ accountId, agentId, state, change, fail }: Deps) {
  let lookedAt = Number.NEGATIVE_INFINITY
  let timer: ReturnType<typeof setTimeout> | undefined
  let looking: Promise<void> | undefined

  async function look(): Promise<void> {
    lookedAt = Date.now()
    for (const { conversationId } of state().talks.filter(isOver)) {
      try {
        await ask(accountId, getConversation, { params: { conversationId } })
      } catch (error) {
        if (!(error instanceof ServerError) || error.code !== 'conversation_not_found') throw error
        if (state().selected === conversationId) fail(error)
        forget(conversationId)
      }
    }
  }

  /** What is typed in one that has just gone to somebody else is not taken from under the hand. */
  function isOver({ chat, conversationId, status }: Talk): boolean {
    if (chat || status === 'mine') return false
    return status === 'closed' || draftOf(agentId, conversationId).text === ''
  }

  /** What was said in it does not stay here, either. */
  function forget(conversationId: string): void {
    const { [conversationId]: _, ...entries } = state().entries
    if (talkOf(state(), conversationId)) keepDraft(agentId, conversationId, NOTHING)
    change({
      talks: state().talks.filter((talk) => talk.conversationId !== conversationId),
      entries,
    })
  }

  function begin(): void {
    timer = undefined
    looking = look()
      .catch(fail)
      .finally(() => (looking = undefined))
  }

  return {
    forget,
    /** Something of the account may have been erased. */
    check(): void {
      if (timer !== undefined || !state().talks.some(isOver)) return
      const rest = looking ? REST_MS : lookedAt + REST_MS - Date.now()
      if (rest <= 0) begin()
      else timer = setTimeout(begin, rest)
    },
    stop(): void {
      clearTimeout(timer)
      timer = undefined
    },
  }
}

const NOTHING = { text: '', isPrivate: false }
