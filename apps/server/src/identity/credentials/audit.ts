import type { AuditEntry } from '@parley/contract'
import type { Clock, Ids } from '#base/kernel'
import { ParleyError } from '#base/kernel'
import type { Db } from '#base/store'
import type { Actor } from './room.ts'

export interface AuditFacts {
  actor: Actor
  /** Such as `user.changed`. */
  action: string
  /** Such as `user:1001`. */
  object: string
  /** Never secrets. */
  details?: Record<string, unknown>
}

/** To be called in the transaction that does it. */
export async function recordAudit(
  { clock, ids }: { clock: Clock; ids: Ids },
  tx: Db,
  accountId: string,
  { actor, action, object, details = {} }: AuditFacts,
): Promise<void> {
  await tx
    .insertInto('auditEntry')
    .values({
      accountId,
      at: new Date(clock.now()),
      auditId: ids.uuid(),
      actor,
      action,
      object,
      details: JSON.stringify(details),
    })
    .execute()
}

export interface AuditQuery {
  actor?: string | undefined
  object?: string | undefined
  from?: string | undefined
  to?: string | undefined
  limit: number
  after?: string | undefined
}

export async function listAudit(
  db: Db,
  accountId: string,
  { actor, object, from, to, limit, after }: AuditQuery,
): Promise<{ entries: AuditEntry[]; next?: string }> {
  let query = db.selectFrom('auditEntry').selectAll().where('accountId', '=', accountId)
  if (actor !== undefined) query = query.where('actor', '=', actor)
  if (object !== undefined) query = query.where('object', '=', object)
  if (from !== undefined) query = query.where('at', '>=', new Date(from))
  if (to !== undefined) query = query.where('at', '<', new Date(to))
  if (after !== undefined) {
    const { at, auditId } = readCursor(after)
    query = query.where((eb) => eb(eb.refTuple('at', 'auditId'), '<', eb.tuple(at, auditId)))
  }
  const rows = await query
    .orderBy('at', 'desc')
    .orderBy('auditId', 'desc')
    .limit(limit + 1)
    .execute()
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return {
    entries: page.map(({ accountId: _account, at, details, ...rest }) => ({
      ...rest,
      at: at.toISOString(),
      details: details as AuditEntry['details'],
    })),
    ...(rows.length > limit && last && { next: `${last.at.getTime()}.${last.auditId}` }),
  }
}

function readCursor(cursor: string): { at: Date; auditId: string } {
  const [, ms, auditId] =
    /^(\d{1,15})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(cursor) ?? []
  if (ms === undefined || auditId === undefined) {
    throw new ParleyError('invalid_request', 'query.after: must be the `next` of another page')
  }
  return { at: new Date(Number(ms)), auditId }
}
