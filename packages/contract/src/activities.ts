import * as z from 'zod'
import type { RouteSpec } from './route.ts'
import { AskedId, Instant, Uuid } from './text.ts'

/** What an activity can be about. */
export const ACTIVITY_TOPICS = [
  'function',
  'deployment',
  'schedule',
  'secret',
  'allowlist',
  'reporting',
] as const

/** One change of a function or of what functions use (`spec/platform.md` 11). */
export const Activity = z.object({
  activityId: z.string(),
  at: Instant,
  actor: z.string(),
  topic: z.enum(ACTIVITY_TOPICS),
  activity: z.string(),
  description: z.string(),
  functionId: z.string().optional(),
  /** The two versions to compare: what the change was. */
  fromVersion: z.int().optional(),
  toVersion: z.int().optional(),
})
export type Activity = z.infer<typeof Activity>

export const listActivities = {
  method: 'GET',
  path: '/api/v1/accounts/:accountId/activities',
  auth: 'function:read',
  summary: 'Who changed what, newest first',
  params: z.object({ accountId: z.string() }),
  query: z.object({
    functionId: AskedId.optional(),
    topic: z.enum(ACTIVITY_TOPICS).optional(),
    /** Exclusive. Many entries may be of one instant: pages follow one another by `beforeId`. */
    before: Instant.optional(),
    /** The last entry of the page before. */
    beforeId: Uuid.optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  reply: z.object({ activities: z.array(Activity) }),
} as const satisfies RouteSpec
