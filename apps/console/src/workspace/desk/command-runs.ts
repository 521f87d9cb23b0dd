import type { AgentCommandAnswer } from '@parley/contract'
import { whyOf } from './notice.ts'

/** A command that this agent has called in a conversation. Nobody else sees it, and nobody keeps it. */
export interface CommandRun {
  /** As it was typed. */
  typed: string
  /** Absent while it runs. */
  answer?: AgentCommandAnswer
}

export interface CommandRuns {
  subscribe: (listener: () => void) => () => void
  /** The last one of a conversation. */
  of(conversationId: string): CommandRun | undefined
  start(conversationId: string, typed: string, running: Promise<AgentCommandAnswer>): void
  /** Puts it away; what still runs is not waited for. */
  dismiss(conversationId: string): void
}

const MAX_RUNS = 50

export function openCommandRuns(): CommandRuns {
  const runs = new Map<string, CommandRun>()
  const listeners = new Set<() => void>()

  function tell(): void {
    for (const listener of listeners) listener()
  }

  function put(conversationId: string, run: CommandRun): void {
    runs.delete(conversationId)
    runs.set(conversationId, run)
    const [oldest] = runs.keys()
    if (runs.size > MAX_RUNS && oldest !== undefined) runs.delete(oldest)
    tell()
  }

  return {
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    of: (conversationId) => runs.get(conversationId),
    start(conversationId, typed, running) {
      const begun: CommandRun = { typed }
      put(conversationId, begun)
      const end = (answer: AgentCommandAnswer) => {
        // Another one may have been called, or this one put away.
        if (runs.get(conversationId) === begun) put(conversationId, { typed, answer })
      }
      running.then(end, (error: unknown) => end({ kind: 'error', text: whyOf(error) }))
    },
    dismiss(conversationId) {
      runs.delete(conversationId)
      tell()
    },
  }
}
