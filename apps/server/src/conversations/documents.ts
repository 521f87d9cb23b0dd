import type { ConversationState } from '@parley/contract'
import type { Db } from '#store'
import type { Availability } from './match.ts'
import { findConversation, findDocument } from './repository.ts'

/** What an agent holds: one slot for each conversation that rings it or is assigned to it. */
export interface AgentState {
  availability: Availability
  slots: string[]
  /** Nodes that hold a socket of this agent. */
  nodes: string[]
  /** Set when its sockets have been gone for a while: it counts as offline until one is back. */
  gone: boolean
}

/** What spans a consumer's conversations. */
export interface ConsumerState {
  openConversationId?: string
  conversations: number
  previous?: { conversationId: string; endAt: number; autoClosed: boolean }
  /** Conversations that this id left by stepping up; it may still read them. */
  left?: string[]
}

export interface Versioned<State> {
  /** 0: not stored yet. */
  version: number
  state: State
}

export const NEW_AGENT: Versioned<AgentState> = {
  version: 0,
  state: { availability: 'OFFLINE', slots: [], nodes: [], gone: false },
}

export const NEW_CONSUMER: Versioned<ConsumerState> = { version: 0, state: { conversations: 0 } }

export interface Kinds {
  conversation: ConversationState
  agent: AgentState
  consumer: ConsumerState
}

const MOST_CACHED = 20_000

/**
 * The newest documents that this node has read or written. They may be behind another node's writes: every commit
 * checks the version, and a stale one is forgotten here and read again.
 */
export interface Documents {
  find<K extends keyof Kinds>(
    kind: K,
    accountId: string,
    id: string,
  ): Promise<Versioned<Kinds[K]> | undefined>
  /** What is in memory, without asking the database. */
  peek(accountId: string, conversationId: string): Versioned<ConversationState> | undefined
  keep<K extends keyof Kinds>(
    kind: K,
    accountId: string,
    id: string,
    document: Versioned<Kinds[K]>,
  ): void
  forget(kind: keyof Kinds, accountId: string, id: string): void
  forgetAll(): void
}

export function openDocuments(db: Db): Documents {
  const cache = new Map<string, Versioned<unknown>>()
  const keyOf = (kind: string, accountId: string, id: string) => `${kind}/${accountId}/${id}`

  function keep(kind: keyof Kinds, accountId: string, id: string, document: Versioned<unknown>) {
    const key = keyOf(kind, accountId, id)
    const known = cache.get(key)
    if (known && known.version > document.version) return
    cache.delete(key)
    cache.set(key, document)
    if (cache.size > MOST_CACHED) {
      const oldest = cache.keys().next()
      if (!oldest.done) cache.delete(oldest.value)
    }
  }

  return {
    async find<K extends keyof Kinds>(kind: K, accountId: string, id: string) {
      const known = cache.get(keyOf(kind, accountId, id))
      if (known) return known as Versioned<Kinds[K]>
      const row =
        kind === 'conversation'
          ? await findConversation(db, accountId, id)
          : await findDocument(db, accountId, kind, id)
      if (row) keep(kind, accountId, id, row)
      return row as Versioned<Kinds[K]> | undefined
    },
    peek(accountId, conversationId) {
      const known = cache.get(keyOf('conversation', accountId, conversationId))
      return known as Versioned<ConversationState> | undefined
    },
    keep,
    forget: (kind, accountId, id) => void cache.delete(keyOf(kind, accountId, id)),
    forgetAll: () => cache.clear(),
  }
}
