import {
  type AutomaticMessageSetting,
  effectiveMessage,
  type IdleKind,
  type IdleTiming,
  type IdleTimings,
} from '@parley/contract'
import { IDLE_TYPE_OF } from '@parley/contract/events'
import type { IdleThreshold } from '#messaging/rules'

/** By the settings of an account, which are another list when they have changed, and by skill. */
const thresholds = new WeakMap<object, Map<string, Record<IdleKind, IdleThreshold>>>()

/** When a conversation of a skill counts as idle. Every message asks. */
export function idleThresholds(
  settings: readonly AutomaticMessageSetting[],
  skillId: string,
): Record<IdleKind, IdleThreshold> {
  const known = thresholds.get(settings) ?? new Map<string, Record<IdleKind, IdleThreshold>>()
  thresholds.set(settings, known)
  const found = known.get(skillId)
  if (found) return found
  const { queue, agent, consumer } = idleTimings(settings, skillId)
  const fresh = {
    queue: thresholdOf(queue),
    agent: thresholdOf(agent),
    consumer: thresholdOf(consumer),
  }
  known.set(skillId, fresh)
  return fresh
}

/** The times in force for a skill. */
export function idleTimings(
  settings: readonly AutomaticMessageSetting[],
  skillId: string,
): IdleTimings {
  const timing = (kind: IdleKind): IdleTiming => {
    const type = IDLE_TYPE_OF[kind]
    const found = effectiveMessage(settings, type, skillId, undefined, undefined).timing
    if (found === undefined) throw new TypeError(`No timing for ${type}`)
    return found
  }
  return { queue: timing('queue'), agent: timing('agent'), consumer: timing('consumer') }
}

const UNIT_MS = { seconds: 1_000, minutes: 60_000 }

function thresholdOf({ time, timeUnits, repeat }: IdleTiming): IdleThreshold {
  return { afterMs: time * UNIT_MS[timeUnits], repeat }
}
