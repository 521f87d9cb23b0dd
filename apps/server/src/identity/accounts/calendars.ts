import type { WorkCalendar } from '@parley/contract'
import { type Actor, change, recordAudit } from '#identity/credentials'
import { ParleyError } from '#base/kernel'
import type { Db } from '#base/store'
import type { AccountsRoom } from './room.ts'
import { isOpen, nextOpening, type NextOpening } from './shift-status.ts'

/** Opening hours by owner: `account`, or a skill's id. */
export type Calendars = ReadonlyMap<string, WorkCalendar>

const ACCOUNT = 'account'

export async function readCalendars(db: Db, accountId: string): Promise<Calendars> {
  const rows = await db
    .selectFrom('workCalendar')
    .select(['owner', 'calendar'])
    .where('accountId', '=', accountId)
    .orderBy('owner')
    .execute()
  return new Map(rows.map(({ owner, calendar }) => [owner, calendar]))
}

export async function isOffHours(
  room: AccountsRoom,
  accountId: string,
  skillId: string | undefined,
  at: number,
): Promise<boolean> {
  const calendar = await calendarOf(room, accountId, skillId)
  return calendar !== undefined && !isOpen(calendar, at)
}

export async function findNextOpening(
  room: AccountsRoom,
  accountId: string,
  skillId: string | undefined,
  at: number,
): Promise<NextOpening | undefined> {
  const calendar = await calendarOf(room, accountId, skillId)
  return calendar && nextOpening(calendar, at)
}

/** A skill without hours of its own follows the account; an account without hours is always open. */
async function calendarOf(
  { calendars }: AccountsRoom,
  accountId: string,
  skillId: string | undefined,
): Promise<WorkCalendar | undefined> {
  const all = await calendars.get(accountId)
  return (skillId === undefined ? undefined : all.get(skillId)) ?? all.get(ACCOUNT)
}

export async function putCalendar(
  room: AccountsRoom,
  accountId: string,
  actor: Actor,
  owner: string,
  calendar: WorkCalendar,
): Promise<{ owner: string; calendar: WorkCalendar }> {
  if (owner !== ACCOUNT && !(await room.directory.get(accountId)).skills.has(owner)) {
    throw new ParleyError('not_found', `There is no skill "${owner}"`)
  }
  await change(room, room.calendars, accountId, async (tx) => {
    const written = { calendar: JSON.stringify(calendar), updatedAt: new Date(room.clock.now()) }
    await tx
      .insertInto('workCalendar')
      .values({ accountId, owner, ...written })
      .onConflict((conflict) => conflict.columns(['accountId', 'owner']).doUpdateSet(written))
      .execute()
    await recordAudit(room, tx, accountId, {
      actor,
      action: 'calendar.set',
      object: `calendar:${owner}`,
    })
  })
  return { owner, calendar }
}

export async function deleteCalendar(
  room: AccountsRoom,
  accountId: string,
  actor: Actor,
  owner: string,
): Promise<void> {
  await change(room, room.calendars, accountId, async (tx) => {
    const { numDeletedRows } = await tx
      .deleteFrom('workCalendar')
      .where('accountId', '=', accountId)
      .where('owner', '=', owner)
      .executeTakeFirst()
    if (numDeletedRows === 0n) throw new ParleyError('not_found', `"${owner}" has no calendar`)
    await recordAudit(room, tx, accountId, {
      actor,
      action: 'calendar.deleted',
      object: `calendar:${owner}`,
    })
  })
}
