import type { WorkCalendar } from '@parley/contract'
import type { Db } from '#base/store'

/** Opening hours by owner: `account`, or a skill's id. */
export type Calendars = ReadonlyMap<string, WorkCalendar>

export async function selectCalendars(db: Db, accountId: string): Promise<Calendars> {
  const rows = await db
    .selectFrom('workCalendar')
    .select(['owner', 'calendar'])
    .where('accountId', '=', accountId)
    .orderBy('owner')
    .execute()
  return new Map(rows.map(({ owner, calendar }) => [owner, calendar]))
}

export async function upsertCalendar(
  tx: Db,
  { accountId, owner }: { accountId: string; owner: string },
  calendar: WorkCalendar,
  updatedAt: Date,
): Promise<void> {
  const written = { calendar: JSON.stringify(calendar), updatedAt }
  await tx
    .insertInto('workCalendar')
    .values({ accountId, owner, ...written })
    .onConflict((conflict) => conflict.columns(['accountId', 'owner']).doUpdateSet(written))
    .execute()
}

/** `false` when the owner has no calendar. */
export async function deleteCalendarRow(
  tx: Db,
  accountId: string,
  owner: string,
): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('workCalendar')
    .where('accountId', '=', accountId)
    .where('owner', '=', owner)
    .executeTakeFirst()
  return numDeletedRows > 0n
}
