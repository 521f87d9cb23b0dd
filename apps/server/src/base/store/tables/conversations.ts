import type { Generated } from 'kysely'

/** A living node, by the database's own time. */
export interface NodeTable {
  nodeId: string
  seenAt: Date
  /** To the database, at most. */
  connections: Generated<number>
}

export interface FileTable {
  accountId: string
  relativePath: string
  /** User id of an agent, or consumer id. */
  ownerId: string
  mediaType: string
  size: number
  conversationId: string | null
  content: Buffer | null
  /** `null` for files of version 0.1.0. */
  fromConsumer: boolean | null
  createdAt: Date
}
