import * as z from 'zod'
import type { RouteSpec } from './route.ts'
import { Instant } from './text.ts'

// The clock of a development server. These routes exist only where it can be moved: with PARLEY_CLOCK=virtual.

const path = '/api/v1/accounts/:accountId/clock'
const params = z.object({ accountId: z.string() })

const YEAR_MS = 366 * 24 * 3_600_000

/** The longest way of one move, in ms. Everything that is due on the way happens, one after the other. */
export const MAX_CLOCK_MOVE_MS = YEAR_MS

/** What becomes due next in the account. */
export const NextTimer = z.object({
  at: Instant,
  /** Such as `conversation` or `function-schedule`; of work that is tried again, who does it. */
  kind: z.string(),
  /** What it is about, such as the id of a conversation. */
  key: z.string(),
})
export type NextTimer = z.infer<typeof NextTimer>

export const ClockState = z.object({
  now: Instant,
  /** `ticking`: it goes at the pace of the system's clock. `standing`: it stands still until it is moved. */
  mode: z.enum(['ticking', 'standing']),
  /** How far it is ahead of the system's clock; negative when it is behind. */
  aheadMs: z.int(),
  /** Absent when nothing is due later. */
  nextTimer: NextTimer.optional(),
})
export type ClockState = z.infer<typeof ClockState>

/** Why it is refused. */
export const NEVER_BACK =
  'a clock is never set back, because what has happened since would lie in its future'

/**
 * `settle`: nowhere; it only waits until nothing is running or due. `by`, `to`: ahead by ms, or to an instant. `next`: to what becomes due next in the account. `hold`: it stands still from now on. `real`:
 * it ticks with the system's clock; first it catches up with it, when it is behind.
 */
export const ClockMove = z.discriminatedUnion('move', [
  z.object({
    move: z.literal('by'),
    ms: z
      .int()
      .min(1, `must be at least 1: ${NEVER_BACK}`)
      .max(MAX_CLOCK_MOVE_MS, 'must be at most 366 days; move in several steps'),
  }),
  z.object({ move: z.literal('to'), at: Instant }),
  z.object({ move: z.literal('settle') }),
  z.object({ move: z.literal('next') }),
  z.object({ move: z.literal('hold') }),
  z.object({ move: z.literal('real') }),
])
export type ClockMove = z.infer<typeof ClockMove>

export const getClock = {
  method: 'GET',
  path,
  auth: 'account:write',
  summary: 'The clock of a development server, and what becomes due next',
  params,
  reply: ClockState,
} as const satisfies RouteSpec

/** Answers when nothing is running or due any more. */
export const moveClock = {
  method: 'POST',
  path,
  auth: 'account:write',
  audit: 'clock.move',
  summary: 'Moves the clock of a development server, stopping at everything that is due on the way',
  params,
  body: ClockMove,
  reply: ClockState,
} as const satisfies RouteSpec
