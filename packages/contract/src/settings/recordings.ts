import * as z from 'zod'
import type { SettingsGroup } from './group.ts'
import { MAX_PAYLOAD_BYTES } from './limits.ts'

/** Of which runs input, outgoing calls and result are kept. */
export const RECORDING_POLICIES = ['off', 'metadata', 'errors', 'events', 'all'] as const

const Count = z.int().nonnegative()

export const recordings = {
  purpose: 'Of which invocations input, outgoing calls and result are kept beside the record',
  read: 'account:read',
  write: 'account:write',
  schema: z.object({
    /**
     * `off`: nothing but the record. `metadata`: hosts of outgoing calls, no contents. `errors`: every failure with all that a replay
     * needs. `events`: every run for an event, too, and a sample of direct successes. `all`: every run.
     */
    policy: z.enum(RECORDING_POLICIES).default('events'),
    /** Direct successes per function and minute, under the policy `events`. */
    directPerMinute: Count.default(10),
    /** Of an input, a result, and each body of an outgoing call: longer ones are not kept. */
    maxBytes: Count.max(MAX_PAYLOAD_BYTES).default(65_536),
  }),
} as const satisfies SettingsGroup
