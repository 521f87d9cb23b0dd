import * as z from 'zod'
import type { SettingsGroup } from './group.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const Seconds = z.int().positive().max(31_536_000)

const ImageHost = z
  .string()
  .max(253)
  .regex(
    /^(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?$/,
    'must be a host name',
  )

export const messaging = {
  purpose: 'How conversations are answered, offered to agents, and ended',
  read: 'account:read',
  write: 'account:write',
  schema: z.object({
    /** Seconds to respond by urgency. */
    ttr: z
      .object({
        URGENT: Seconds.default(300),
        NORMAL: Seconds.default(3600),
        PRIORITIZED: Seconds.default(600),
      })
      .prefault({}),
    /** Closes what waits for the consumer for so long. */
    autoCloseMs: z
      .int()
      .min(25 * MINUTE_MS)
      .max(90 * 24 * HOUR_MS)
      .default(90 * 24 * HOUR_MS),
    /** By skill id, in place of the account's. */
    autoCloseMsBySkill: z
      .record(
        z.string(),
        z
          .int()
          .min(25 * MINUTE_MS)
          .max(90 * 24 * HOUR_MS),
      )
      .default({}),
    /** How long a default automatic message waits for the function of its event. */
    defaultMessageAfterMs: z.int().min(100).max(60_000).default(5_000),
    ringMs: z.int().min(1000).max(HOUR_MS).default(72_000),
    /** How long only a suggested agent is asked before all agents of the skill are. */
    suggestionMs: z.int().min(1000).max(HOUR_MS).default(180_000),
    /** Requests on one socket; above, they are refused with 429. */
    requestsPerSecond: z.int().positive().max(100_000).default(100),
    /** Requests on all sockets of the account on one node, and of its connectors. */
    accountRequestsPerSecond: z.int().positive().max(1_000_000).default(5000),
    /** Where images of cards may come from, with `*` for one label; `null` takes any host. */
    imageHosts: z.array(ImageHost).max(100).nullable().default(null),
    fileBytes: z.int().positive().max(104_857_600).default(5_242_880),
    /** Files of all conversations. Consumers together fill at most 80 % of it. */
    storedFileBytes: z.int().positive().default(1_073_741_824),
    /** Files of one consumer. */
    consumerFileBytes: z.int().positive().default(52_428_800),
    /** Files of one conversation. */
    conversationFileBytes: z.int().positive().default(104_857_600),
  }),
  otherNames: { responseTimes: 'ttr', idleMs: 'autoCloseMs' },
} as const satisfies SettingsGroup
export type MessagingSettings = z.infer<typeof messaging.schema>
