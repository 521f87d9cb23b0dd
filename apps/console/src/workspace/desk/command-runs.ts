import type { AgentCommandAnswer } from '@parley/contract'
import { whyOf } from './notice.ts'

/** A command that this agent has called in a conversation. Nobody else sees it, and nobody keeps it. */
export interface CommandRun {
  key: number
  /** As it was typed. */
  typed: string
  /** Absent while it runs. */
  answer?: AgentCommandAnswer
}

export interface CommandRuns {
  subscribe: (listener: () => void) => () => void
  /** The last one of a conversation, after those that ran when it was called. */
  of(conversationId: string): readonly CommandRun[]
  start(conversationId: string, typed: string, running: Promise<AgentCommandAnswer>): void
  /** Puts it away; what still runs is not waited for. */
  dismiss(conversationId: string, run: CommandRun): void
}

const MAX_CONVERSATIONS = 50
const NONE: readonly CommandRun[] = []

export function openCommandRuns(): CommandRuns {
  const runs = new Map<string, readonly CommandRun[]>()
  let lastKey = 0
  const listeners = new Set<() => void>()

  function tell(): void {
    for (const listener of listeners) listener()
  }

  const of = (conversationId: string) => runs.get(conversationId) ?? NONE

  function put(conversationId: string, now: readonly CommandRun[]): void {
    runs.delete(conversationId)
    if (now.length > 0) runs.set(conversationId, now)
    const [oldest] = runs.keys()
    if (runs.size > MAX_CONVERSATIONS && oldest !== undefined) runs.delete(oldest)
    tell()
  }

  return {
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    of,
    start(conversationId, typed, running) {
      const begun: CommandRun = { key: ++lastKey, typed }
      put(conversationId, [...of(conversationId).filter(({ answer }) => !answer), begun])
      const end = (answer: AgentCommandAnswer) => {
        const all = of(conversationId)
        // It may have been put away.
        if (!all.includes(begun)) return
        put(
          conversationId,
          all.map((run) => (run === begun ? { ...begun, answer } : run)),
        )
      }
      running.then(end, (error: unknown) => end({ kind: 'error', text: whyOf(error) }))
    },
    dismiss(conversationId, { key }) {
      put(
        conversationId,
        of(conversationId).filter((run) => run.key !== key),
      )
    },
  }
}
