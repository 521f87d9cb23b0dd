import type { AutomaticMessageSetting, IdleKind, IdleTiming, IdleTimings } from '@parley/contract'
import { IDLE_TYPE_OF } from '@parley/contract/events'
import { effectiveMessage } from './effective-message.ts'

/** When an idle time is over for the first time and again, and how often that counts. */
export interface IdleThreshold {
  afterMs: number
  repeat: number
}

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
