import * as z from 'zod'
import type { IdleKind } from './conversations.ts'

/** When an idle time is over, and how often that counts (`spec/bots.md` 1.1: "repeat" count and configurable time). */
export const IdleTiming = z.object({
  time: z.int().min(1).max(100_000),
  timeUnits: z.enum(['seconds', 'minutes']),
  /** How often it happens at most, until a participant writes or the conversation moves on. */
  repeat: z.int().min(1).max(100),
})
export type IdleTiming = z.infer<typeof IdleTiming>

/** The times in force for one skill. */
export type IdleTimings = Record<IdleKind, IdleTiming>
