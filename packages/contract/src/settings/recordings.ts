import { z } from 'zod'
import type { SettingsGroup } from './group.ts'
import { MAX_PAYLOAD_BYTES } from './limits.ts'

const Count = z.int().nonnegative()

export const recordings = {
  purpose: 'Of which invocations input, outgoing calls and result are kept beside the record',
  read: 'account:read',
  write: 'account:write',
  schema: z.object({
    events: z.boolean().default(true),
    failures: z.boolean().default(true),
    /** Direct successes per function and minute. */
    directPerMinute: Count.default(10),
    maxBytes: Count.max(MAX_PAYLOAD_BYTES).default(65_536),
  }),
} as const satisfies SettingsGroup
