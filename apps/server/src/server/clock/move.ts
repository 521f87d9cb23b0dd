import { type ClockMove, type ClockState, MAX_CLOCK_MOVE_MS, NEVER_BACK } from '@parley/contract'
import { invalid, ParleyError } from '#base/kernel'
import type { ClockDeps } from './deps.ts'
import { writeClock } from './repository.ts'

/** The clock, and what becomes due next in the account. */
export async function state(
  { clock, system, delivery }: ClockDeps,
  accountId: string,
): Promise<ClockState> {
  const next = await delivery.nextDue(accountId)
  const now = clock.now()
  return {
    now: textOf(now),
    mode: clock.isTicking ? 'ticking' : 'standing',
    aheadMs: Math.round(now - system.now()),
    ...(next && { nextTimer: { at: textOf(next.at), kind: next.name, key: next.key } }),
  }
}

/**
 * Moves the clock; resolves when nothing is running or due any more.
 * @throws ParleyError `invalid_request` for an instant before the clock or too far ahead of it, `conflict` when nothing is due next
 */
export async function move(
  deps: ClockDeps,
  accountId: string,
  wanted: ClockMove,
): Promise<ClockState> {
  const { clock, system } = deps
  switch (wanted.move) {
    case 'by':
      await moveTo(deps, clock.now() + wanted.ms)
      break
    case 'to':
      await moveTo(deps, instantAhead(deps, Date.parse(wanted.at)))
      break
    case 'settle':
      await clock.advance(0)
      break
    case 'next':
      await moveTo(deps, await nextInstant(deps, accountId))
      break
    case 'hold':
      clock.hold()
      await leave(deps, clock.now())
      break
    case 'real':
      if (clock.now() < system.now()) await moveTo(deps, system.now())
      clock.tick()
      await leave(deps, clock.now())
  }
  return state(deps, accountId)
}

/** Where the clock will be is written first: a server that is killed on the way starts there. */
async function moveTo(deps: ClockDeps, instant: number): Promise<void> {
  await leave(deps, instant)
  await deps.clock.advanceTo(instant)
}

async function leave({ store, clock, system }: ClockDeps, instant: number): Promise<void> {
  const aheadMs = Math.round(instant - system.now())
  await writeClock(store.db, clock.isTicking ? { aheadMs } : { standsAt: instant })
}

function instantAhead({ clock }: ClockDeps, at: number): number {
  const now = clock.now()
  if (at < now)
    throw invalid(
      'body.at',
      `must not be before the clock, which says ${textOf(now)}: ${NEVER_BACK}`,
    )
  if (at - now > MAX_CLOCK_MOVE_MS) {
    throw invalid(
      'body.at',
      `must be at most 366 days after the clock, which says ${textOf(now)}; move in several steps`,
    )
  }
  return at
}

async function nextInstant({ delivery }: ClockDeps, accountId: string): Promise<number> {
  const next = await delivery.nextDue(accountId)
  if (next) return next.at
  throw new ParleyError('conflict', 'Nothing is due later in this account: no timer is armed')
}

function textOf(instant: number): string {
  return new Date(instant).toISOString()
}
