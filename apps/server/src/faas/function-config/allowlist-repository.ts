import type { Insertable, Selectable } from 'kysely'
import type { Db, Tables } from '#base/store'

export type DomainRow = Selectable<Tables['allowedDomain']>

export function findDomains(db: Db, accountId: string) {
  return db
    .selectFrom('allowedDomain')
    .selectAll()
    .where('accountId', '=', accountId)
    .orderBy('domain')
    .execute()
}

export function insertDomain(db: Db, row: Insertable<Tables['allowedDomain']>) {
  return db
    .insertInto('allowedDomain')
    .values(row)
    .onConflict((conflict) => conflict.columns(['accountId', 'domain']).doNothing())
    .returningAll()
    .executeTakeFirst()
}

export function deleteDomain(db: Db, accountId: string, domainId: number) {
  return db
    .deleteFrom('allowedDomain')
    .where('accountId', '=', accountId)
    .where('domainId', '=', domainId)
    .returningAll()
    .executeTakeFirst()
}
