import type { AutomaticMessageSetting, IdleTiming, IdleType } from '@parley/contract'
import { effectiveMessage } from './effective-message.ts'
import type { IdleTimings } from './payload.ts'

/** When an idle kind is over for the first time and again, and how often. */
export interface IdleThreshold {
  afterMs: number
  repeat: number
}

/** The times in force for a skill. */
export function idleTimings(
  settings: readonly AutomaticMessageSetting[],
  skillId: string,
): IdleTimings {
  const timing = (type: IdleType): IdleTiming => {
    const found = effectiveMessage(settings, type, skillId, undefined).timing
    if (found === undefined) throw new TypeError(`No timing for ${type}`)
    return found
  }
  return {
    queue: timing('CONV_AWAITING_IN_QUEUE'),
    agent: timing('AGENT_NON_RESPONSIVE'),
    consumer: timing('CONSUMER_NON_RESPONSIVE'),
  }
}

const UNIT_MS = { seconds: 1_000, minutes: 60_000 }

export function thresholdOf({ time, timeUnits, repeat }: IdleTiming): IdleThreshold {
  return { afterMs: time * UNIT_MS[timeUnits], repeat }
}
