import type { Selectable } from 'kysely'
import type { Db, Tables } from '#base/store'

export type DeadLetter = Selectable<Tables['deadLetter']>

export interface DeadLetterPage {
  /** The consumer of an outbox row, the kind of a timer. */
  name?: string | undefined
  /** Continues a list. */
  beforeId?: number | undefined
  limit: number
}

/** The newest first. */
export async function listDeadLetters(
  db: Db,
  accountId: string,
  { name, beforeId, limit }: DeadLetterPage,
): Promise<DeadLetter[]> {
  let query = db.selectFrom('deadLetter').selectAll().where('accountId', '=', accountId)
  if (name !== undefined) query = query.where('name', '=', name)
  if (beforeId !== undefined) query = query.where('id', '<', beforeId)
  return await query.orderBy('id', 'desc').limit(limit).execute()
}

export async function findDeadLetter(
  db: Db,
  accountId: string,
  id: number,
): Promise<DeadLetter | undefined> {
  return await db
    .selectFrom('deadLetter')
    .selectAll()
    .where('accountId', '=', accountId)
    .where('id', '=', id)
    .executeTakeFirst()
}

export async function takeDeadLetter(
  tx: Db,
  accountId: string,
  id: number,
): Promise<DeadLetter | undefined> {
  return await tx
    .deleteFrom('deadLetter')
    .where('accountId', '=', accountId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
}
