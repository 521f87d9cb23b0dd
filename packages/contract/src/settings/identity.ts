import * as z from 'zod'
import type { SettingsGroup } from './group.ts'

const HOUR_MS = 3_600_000
/** Of what is set anew: whoever logs in must have the time to change it again. */
const MIN_LIFE_MS = 60_000
const Life = z
  .int()
  .positive()
  .max(3650 * 24 * HOUR_MS)

export const identity = {
  purpose: 'How long sessions, tokens and signing keys live, in milliseconds of real time',
  read: 'account:read',
  write: 'account:write',
  schema: z.object({
    sessionMs: Life.default(8 * HOUR_MS),
    appTokenMs: Life.default(HOUR_MS),
    consumerTokenMs: Life.default(30 * 24 * HOUR_MS),
    signingKeyMs: Life.default(90 * 24 * HOUR_MS),
  }),
} as const satisfies SettingsGroup
export type IdentitySettings = z.infer<typeof identity.schema>

/** The lives that are named, and too short. */
export function tooShortLives(named: unknown): { path: string[]; message: string }[] {
  if (typeof named !== 'object' || named === null) return []
  return Object.entries(named).flatMap(([name, ms]) =>
    typeof ms === 'number' && ms > 0 && ms < MIN_LIFE_MS
      ? [{ path: ['identity', name], message: 'must be at least a minute' }]
      : [],
  )
}
