import * as z from 'zod'
import { TimeZone } from './time-zone.ts'
import type { RouteSpec } from './route.ts'

/** Days of a week of office hours, in their order. */
export const WEEKDAYS = [
  'sunday',
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
] as const
export type Weekday = (typeof WEEKDAYS)[number]

const TimeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'must be a time such as 08:30, at most 24:00')

/** Open from the first minute up to the last, which is not part of it. A night is two shifts. */
export const Shift = z
  .object({ from: TimeOfDay, to: TimeOfDay })
  .refine(({ from, to }) => from < to, { message: 'must end after it begins', path: ['to'] })
export type Shift = z.infer<typeof Shift>

const Shifts = z.array(Shift).max(24)

/** When a contact centre, or a skill of it, is open. */
export const WorkCalendar = z.object({
  timeZone: TimeZone,
  /** A day that is missing is closed. */
  week: z.partialRecord(z.enum(WEEKDAYS), Shifts),
  /** These replace the week's shifts on their date; none means closed. */
  specialDays: z
    .array(z.object({ date: z.iso.date(), name: z.string().max(100).optional(), shifts: Shifts }))
    .max(400)
    .default([]),
})
export type WorkCalendar = z.infer<typeof WorkCalendar>

/** What is to be saved. Calendars that were saved before may name a date twice: its first entry holds. */
export const CalendarDraft = WorkCalendar.superRefine(({ specialDays }, context) => {
  for (const [at, { date }] of specialDays.entries()) {
    if (specialDays.findIndex((other) => other.date === date) === at) continue
    const path = ['specialDays', at, 'date']
    context.addIssue({ code: 'custom', path, message: 'must not name a date twice' })
  }
})

/** `account`, or the id of a skill with hours of its own. */
export const CalendarOwner = z
  .string()
  .regex(/^(account|\d{1,18})$/, 'must be "account" or a skill id')

/** Office hours and the skill or account that they belong to. */
export const OwnedCalendar = z.object({ owner: CalendarOwner, calendar: WorkCalendar })

const InAccount = z.object({ accountId: z.string() })
const OneCalendar = InAccount.extend({ owner: CalendarOwner })
const base = '/api/v1/accounts/:accountId/calendars'

export const listCalendars = {
  method: 'GET',
  path: base,
  auth: 'account:read',
  summary: 'Opening hours of the account and of skills; without any it is always open',
  params: InAccount,
  reply: z.object({ calendars: z.array(OwnedCalendar) }),
} as const satisfies RouteSpec

export const putCalendar = {
  method: 'PUT',
  path: `${base}/:owner`,
  auth: 'account:write',
  summary: 'Sets the opening hours of the account or of a skill',
  params: OneCalendar,
  body: CalendarDraft,
  reply: OwnedCalendar,
} as const satisfies RouteSpec

export const deleteCalendar = {
  method: 'DELETE',
  path: `${base}/:owner`,
  auth: 'account:write',
  summary: 'A skill then follows the account, the account is always open',
  params: OneCalendar,
  status: 204,
} as const satisfies RouteSpec

/** Dates have four digits, also those of the month ahead in which shifts are looked for. */
function isInReach(instant: string): boolean {
  const at = Date.parse(instant)
  return at >= 0 && at < Date.UTC(9999, 0)
}

export const getShiftStatus = {
  method: 'GET',
  path: '/api/v1/accounts/:accountId/shift-status',
  auth: 'account:read',
  summary: 'Whether it is off-hours, now or at a given instant, and when that changes',
  params: InAccount,
  query: z.object({
    skillId: z.string().optional(),
    at: z.iso
      .datetime({ offset: true })
      .refine(isInReach, 'must be in the years 1970 to 9998')
      .optional(),
  }),
  reply: z.object({
    offHours: z.boolean(),
    at: z.iso.datetime(),
    /** When the next shift begins. Absent when none does within 30 days. */
    nextOn: z.iso.datetime().optional(),
    /** When this shift ends, or the next one where none runs. Absent without an end within 30 days. */
    nextOff: z.iso.datetime().optional(),
  }),
} as const satisfies RouteSpec
