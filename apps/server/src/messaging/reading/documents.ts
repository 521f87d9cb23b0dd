import type { ConversationState } from '@parley/contract'
import { boundedMap, declareBound } from '#base/bounds'
import type { Db } from '#base/store'
import type { AgentState, ConsumerState } from '#messaging/rules'
import { charactersOf } from './characters-of.ts'
import { findConversation, findDocument } from './repository.ts'
import type { Versioned } from './versioned.ts'

export const NEW_AGENT: Versioned<AgentState> = {
  version: 0,
  state: { availability: 'OFFLINE', slots: [], nodes: [], gone: false },
}

const NEW_CONSUMER: Versioned<ConsumerState> = { version: 0, state: { conversations: 0 } }

/** Documents that begin when something is to be written about whom they tell of. */
const NEW = { agent: NEW_AGENT, consumer: NEW_CONSUMER }

/** The kinds of documents that nodes remember. */
export interface DocumentKinds {
  conversation: ConversationState
  agent: AgentState
  consumer: ConsumerState
}

const MAX_CACHED = declareBound({
  kind: 'map',
  holds: 'states of conversations, agents and consumers',
  limit: 20_000,
  per: 'node',
  beyond: 'the least recently used one is forgotten, and read again when it is needed',
})

const MAX_LARGE = declareBound({
  kind: 'map',
  holds: 'states of conversations about which clients have said much',
  limit: 64,
  per: 'node',
  beyond: 'the least recently used one is forgotten, and read again when it is needed',
})
/** More has the longest text that a message may have beside it. A card may have 25 times as much. */
const MUCH_CHARACTERS = 10_000

/**
 * The newest documents that this node has read or written. They may be behind another node's writes: every commit
 * checks the version, and a stale one is forgotten here and read again.
 */
export interface Documents {
  find<K extends keyof DocumentKinds>(
    kind: K,
    accountId: string,
    id: string,
  ): Promise<Versioned<DocumentKinds[K]> | undefined>
  /**
   * For what is then committed with the version that was read: also that nothing is stored, which is version 0, is remembered, and may be
   * behind another node's writes.
   */
  findOrNew<K extends keyof typeof NEW>(
    kind: K,
    accountId: string,
    id: string,
  ): Promise<Versioned<DocumentKinds[K]>>
  /** What is in memory, without asking the database. */
  peek(accountId: string, conversationId: string): Versioned<ConversationState> | undefined
  keep<K extends keyof DocumentKinds>(
    kind: K,
    accountId: string,
    id: string,
    document: Versioned<DocumentKinds[K]>,
  ): void
  forget(kind: keyof DocumentKinds, accountId: string, id: string): void
  forgetAll(): void
}

export function openDocuments(db: Db): Documents {
  const ordinary = boundedMap<string, Versioned<unknown>>(MAX_CACHED)
  const large = boundedMap<string, Versioned<unknown>>(MAX_LARGE)
  const recall = (key: string) => ordinary.get(key) ?? large.get(key)
  const keyOf = (kind: string, accountId: string, id: string) => `${kind}/${accountId}/${id}`

  function keep(
    kind: keyof DocumentKinds,
    accountId: string,
    id: string,
    document: Versioned<unknown>,
  ) {
    const key = keyOf(kind, accountId, id)
    const knownOrdinary = ordinary.get(key)
    const known = knownOrdinary ?? large.get(key)
    if (known && known.version > document.version) return
    const isLarge = kind === 'conversation' && hasMuch(document.state as ConversationState)
    const [cache, other] = isLarge ? [large, ordinary] : [ordinary, large]
    const hasMoved = known !== undefined && (known === knownOrdinary) === isLarge
    if (hasMoved) other.delete(key)
    cache.set(key, document)
  }

  async function find<K extends keyof DocumentKinds>(kind: K, accountId: string, id: string) {
    const known = recall(keyOf(kind, accountId, id))
    if (known && known.version > 0) return known as Versioned<DocumentKinds[K]>
    const row =
      kind === 'conversation'
        ? await findConversation(db, accountId, id)
        : await findDocument(db, accountId, kind, id)
    if (!row) return undefined
    keep(kind, accountId, id, row)
    // What was kept while this was read may be newer.
    return (recall(keyOf(kind, accountId, id)) ?? row) as Versioned<DocumentKinds[K]>
  }

  return {
    find,
    async findOrNew<K extends keyof typeof NEW>(kind: K, accountId: string, id: string) {
      const known = recall(keyOf(kind, accountId, id)) ?? (await find(kind, accountId, id))
      if (known) return known as Versioned<DocumentKinds[K]>
      keep(kind, accountId, id, NEW[kind])
      return NEW[kind] as Versioned<DocumentKinds[K]>
    },
    peek(accountId, conversationId) {
      const known = recall(keyOf('conversation', accountId, conversationId))
      return known as Versioned<ConversationState> | undefined
    },
    keep,
    forget(kind, accountId, id) {
      const key = keyOf(kind, accountId, id)
      ordinary.delete(key)
      large.delete(key)
    },
    forgetAll() {
      ordinary.clear()
      large.clear()
    },
  }
}

/** What clients say without being limited otherwise: the rest of a state is ids, times and names. */
function hasMuch({ context, clientProperties, lastContent }: ConversationState): boolean {
  const said = charactersOf(context) + charactersOf(clientProperties) + charactersOf(lastContent)
  return said > MUCH_CHARACTERS
}
