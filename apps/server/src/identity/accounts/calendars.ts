import type { WorkCalendar } from '@parley/contract'
import type { Actor } from '#identity/audit'
import { ParleyError } from '#base/kernel'
import { deleteCalendarRow, upsertCalendar } from './calendars-repository.ts'
import type { AccountsDeps } from './deps.ts'
import { holdSkill } from './directory.ts'
import {
  isOpen,
  nextClosing as closingAfter,
  nextOpening as openingAfter,
  type NextOpening,
} from './shift-status.ts'

const ACCOUNT = 'account'

/** By the calendar of the skill, else by that of the account. Never off hours without either. */
export async function offHours(
  deps: AccountsDeps,
  accountId: string,
  skillId: string | undefined,
  at: number,
): Promise<boolean> {
  const calendar = await calendarOf(deps, accountId, skillId)
  return calendar !== undefined && !isOpen(calendar, at)
}

/** When it opens again; `undefined` when it is open, or stays closed for 30 days. */
export async function nextOpening(
  deps: AccountsDeps,
  accountId: string,
  skillId: string | undefined,
  at: number,
): Promise<NextOpening | undefined> {
  const calendar = await calendarOf(deps, accountId, skillId)
  return calendar && openingAfter(calendar, at)
}

export interface ShiftStatus {
  isOpen: boolean
  /** When the next shift begins, and when this or that one ends: milliseconds since 1970. Absent without an end within 30 days. */
  nextOn?: number
  nextOff?: number
}

/** Whether a skill is in its hours, by the calendar of the skill, else by that of the account. */
export async function shiftStatus(
  deps: AccountsDeps,
  accountId: string,
  skillId: string | undefined,
  at: number,
): Promise<ShiftStatus> {
  const calendar = await calendarOf(deps, accountId, skillId)
  if (!calendar) return { isOpen: true }
  const open = isOpen(calendar, at)
  const begin = open ? at : openingAfter(calendar, at)?.at
  const nextOff = begin === undefined ? undefined : closingAfter(calendar, begin)
  const nextOn = open && nextOff !== undefined ? openingAfter(calendar, nextOff)?.at : begin
  return {
    isOpen: open,
    ...(nextOn !== undefined && nextOn !== at && { nextOn }),
    ...(nextOff !== undefined && { nextOff }),
  }
}

/** A skill without hours of its own follows the account; an account without hours is always open. */
async function calendarOf(
  { calendars }: AccountsDeps,
  accountId: string,
  skillId: string | undefined,
): Promise<WorkCalendar | undefined> {
  const all = await calendars.get(accountId)
  return (skillId === undefined ? undefined : all.get(skillId)) ?? all.get(ACCOUNT)
}

export async function list(
  { calendars }: AccountsDeps,
  accountId: string,
): Promise<{ owner: string; calendar: WorkCalendar }[]> {
  return [...(await calendars.get(accountId))].map(([owner, calendar]) => ({ owner, calendar }))
}

export async function put(
  deps: AccountsDeps,
  accountId: string,
  actor: Actor,
  owner: string,
  calendar: WorkCalendar,
): Promise<{ owner: string; calendar: WorkCalendar }> {
  await deps.calendars.change(accountId, async (tx) => {
    // A skill that is deleted meanwhile takes its hours along.
    if (owner !== ACCOUNT) await holdSkill(tx, accountId, owner)
    await upsertCalendar(tx, { accountId, owner }, calendar, new Date(deps.clock.now()))
    await deps.audit.record(tx, accountId, {
      actor,
      action: 'calendar.set',
      object: `calendar:${owner}`,
    })
  })
  return { owner, calendar }
}

export async function remove(
  deps: AccountsDeps,
  accountId: string,
  actor: Actor,
  owner: string,
): Promise<void> {
  await deps.calendars.change(accountId, async (tx) => {
    if (!(await deleteCalendarRow(tx, accountId, owner))) {
      throw new ParleyError('not_found', `No calendar of "${owner}"`)
    }
    await deps.audit.record(tx, accountId, {
      actor,
      action: 'calendar.deleted',
      object: `calendar:${owner}`,
    })
  })
}
