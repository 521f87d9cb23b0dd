import {
  type AutomaticMessageSetting,
  effectiveMessage,
  type IdleKind,
  type IdleTiming,
  type IdleTimings,
} from '@parley/contract'
import { IDLE_TYPE_OF } from '@parley/contract/events'
import type { IdleThreshold } from '#messaging/rules'

/** The times in force for a skill. */
export function idleTimings(
  settings: readonly AutomaticMessageSetting[],
  skillId: string,
): IdleTimings {
  const timing = (kind: IdleKind): IdleTiming => {
    const type = IDLE_TYPE_OF[kind]
    const found = effectiveMessage(settings, type, skillId, undefined).timing
    if (found === undefined) throw new TypeError(`No timing for ${type}`)
    return found
  }
  return { queue: timing('queue'), agent: timing('agent'), consumer: timing('consumer') }
}

const UNIT_MS = { seconds: 1_000, minutes: 60_000 }

export function thresholdOf({ time, timeUnits, repeat }: IdleTiming): IdleThreshold {
  return { afterMs: time * UNIT_MS[timeUnits], repeat }
}
