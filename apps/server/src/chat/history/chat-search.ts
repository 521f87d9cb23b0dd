import type { Openness } from '@parley/contract'
import type * as z from 'zod'

/** Which chats are wanted. Instants are milliseconds since 1970, both inclusive. */
export interface ChatSearch {
  state?: z.infer<typeof Openness> | undefined
  skillIds?: readonly string[] | undefined
  /** Of an agent who served it. */
  agentIds?: readonly string[] | undefined
  /** The id of the visitor, or the name or the address that the consumer gave. */
  consumer?: string | undefined
  /** The id of the visitor, or a part of the name or the address. */
  consumerLike?: string | undefined
  visitorId?: string | undefined
  /** Texts that stand in one and the same of its lines. */
  texts?: readonly string[] | undefined
  from: number
  to: number
  /** Only what comes behind this one. */
  after?: { startedAt: number; chatId: string } | undefined
  limit: number
}
