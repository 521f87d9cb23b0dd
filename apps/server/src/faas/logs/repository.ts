import type { LogLevel } from '@parley/contract'
import { type Selectable, sql } from 'kysely'
import type { Db, Tables } from '#base/store'
import { isUuid } from '#base/kernel'
import { likesContaining } from '#base/kit'

export type LogEntryRow = Selectable<Tables['logEntry']>

export interface LogQuery {
  functionId?: string | undefined
  level?: readonly LogLevel[] | undefined
  text?: string | undefined
  invocationId?: string | undefined
  conversationId?: string | undefined
  from: Date
  /** Exclusive. */
  to: Date
  limit: number
  order: 'asc' | 'desc'
}

export function findLogs(db: Db, accountId: string, query: LogQuery): Promise<LogEntryRow[]> {
  const { functionId, level, text, invocationId, conversationId, from, to } = query
  if (functionId !== undefined && !isUuid(functionId)) return Promise.resolve([])
  let select = db
    .selectFrom('logEntry')
    .selectAll()
    .where('accountId', '=', accountId)
    .where('at', '>=', from)
    .where('at', '<', to)
  if (functionId !== undefined) select = select.where('functionId', '=', functionId)
  if (level && level.length > 0) select = select.where('level', 'in', level)
  if (text !== undefined) {
    select = select.where(sql<boolean>`message ilike any(${likesContaining(text)})`)
  }
  if (invocationId !== undefined) select = select.where('invocationId', '=', invocationId)
  if (conversationId !== undefined) select = select.where('conversationId', '=', conversationId)
  return select
    .orderBy('at', query.order)
    .orderBy('recordId', query.order)
    .orderBy('position', query.order)
    .limit(query.limit)
    .execute()
}
