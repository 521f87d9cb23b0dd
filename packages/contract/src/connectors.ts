import * as z from 'zod'
import {
  BotChannels,
  BotError,
  BotErrorPage,
  BotErrors,
  BotSettings,
  BotState,
} from './bot-agents.ts'
import type { RouteSpec } from './route.ts'
import { AskedId, Instant, StorableText, Uuid } from './text.ts'

/** A deployed function answers for the bot (`spec/bots.md` 3.3, 3.4). */
const FunctionVendor = z.strictObject({ kind: z.literal('function'), functionId: Uuid })

/** The paths of the published API are added behind it. */
function isPlain(address: string): boolean {
  const url = URL.parse(address)
  return url !== null && `${url.search}${url.hash}${url.username}${url.password}` === ''
}

/** Where a program outside answers, and the application whose tokens it is called with (`spec/bots.md` 3.7). */
const EndpointVendor = z.strictObject({
  kind: z.literal('endpoint'),
  baseUrl: z
    .url({ protocol: /^https?$/, error: 'must be an http or https address' })
    .max(2048)
    .refine(isPlain, 'must have no query, fragment or user'),
  botId: StorableText.min(1).max(200),
  environment: StorableText.min(1).max(200),
  clientId: StorableText.min(1).max(200),
})

/** What answers for the bot. */
export const ConnectorVendor = z.discriminatedUnion('kind', [FunctionVendor, EndpointVendor])
export type ConnectorVendor = z.infer<typeof ConnectorVendor>

/** The secret is sealed and never shown; while the application stays the same it may be left out of a change. */
const VendorDraft = z.discriminatedUnion('kind', [
  FunctionVendor,
  EndpointVendor.extend({ clientSecret: StorableText.min(1).max(500).optional() }),
])
export type VendorDraft = z.infer<typeof VendorDraft>

/** Ids of deployed functions that run before and after the vendor, and after a failure (`spec/bots.md` 3.5). */
export const ConnectorHooks = z.strictObject({
  pre: Uuid.optional(),
  post: Uuid.optional(),
  error: Uuid.optional(),
})
export type ConnectorHooks = z.infer<typeof ConnectorHooks>

const Fields = BotSettings.extend({
  name: StorableText.trim().min(1, 'must not be empty').max(100),
  /** Of these skills the bot takes conversations. */
  skillIds: z.array(z.string().min(1).max(100)).min(1).max(100),
  channels: BotChannels,
  vendor: ConnectorVendor,
  hooks: ConnectorHooks.optional(),
})

/** What a new connector is made of. */
export const ConnectorDraft = Fields.extend({
  /** Chosen by the server when absent. With one, the same request again, whose answer was lost, makes no second connector. */
  connectorId: Uuid.optional(),
  vendor: VendorDraft,
})
export type ConnectorDraft = z.infer<typeof ConnectorDraft>

/** Members that are absent keep their values; `null` takes `combine`, `silence` or `hooks` away. */
export const ConnectorChange = Fields.extend({
  combine: Fields.shape.combine.unwrap().nullable(),
  silence: Fields.shape.silence.unwrap().nullable(),
  hooks: ConnectorHooks.nullable(),
  vendor: VendorDraft,
}).partial()
export type ConnectorChange = z.infer<typeof ConnectorChange>

/** A bot that a function or another program answers for (`spec/bots.md` 3). */
export const Connector = Fields.extend({
  connectorId: Uuid,
  /** Those of the bot's user: none, too, where the last one was deleted. */
  skillIds: z.array(z.string()),
  /** The bot's own user: who it is in conversations. */
  userId: z.string(),
  state: BotState,
  /** How many conversations it has; more than `limit` are escalated at once. */
  conversations: z.object({
    open: z.int(),
    advised: z.int(),
    limit: z.int(),
    /** What to do, where there are more than advised. */
    hint: z.string().optional(),
  }),
  createdAt: Instant,
  updatedAt: Instant,
})
export type Connector = z.infer<typeof Connector>

const InAccount = z.object({ accountId: z.string() })
const One = InAccount.extend({ connectorId: AskedId })
const base = '/api/v1/accounts/:accountId/connectors'

export const listConnectors = {
  method: 'GET',
  path: base,
  auth: 'account:read',
  summary: 'Bots that functions or other programs answer for',
  params: InAccount,
  reply: z.object({ connectors: z.array(Connector) }),
} as const satisfies RouteSpec

export const createConnector = {
  method: 'POST',
  path: base,
  auth: 'account:write',
  summary: 'Makes a bot, with a user of its own; it is offline',
  params: InAccount,
  body: ConnectorDraft,
  reply: Connector,
  status: 201,
} as const satisfies RouteSpec

export const getConnector = {
  method: 'GET',
  path: `${base}/:connectorId`,
  auth: 'account:read',
  summary: 'One bot',
  params: One,
  reply: Connector,
} as const satisfies RouteSpec

export const changeConnector = {
  method: 'PATCH',
  path: `${base}/:connectorId`,
  auth: 'account:write',
  summary: 'Changes a bot; members that are absent keep their values',
  params: One,
  body: ConnectorChange,
  reply: Connector,
} as const satisfies RouteSpec

export const deleteConnector = {
  method: 'DELETE',
  path: `${base}/:connectorId`,
  auth: 'account:write',
  summary: 'Deletes a bot and its user; its conversations wait for other agents',
  params: One,
  status: 204,
} as const satisfies RouteSpec

export const testConnector = {
  method: 'POST',
  path: `${base}/:connectorId/test`,
  auth: 'account:write',
  audit: false,
  summary: 'Asks the vendor whether it answers; no hook runs, no conversation is touched',
  params: One,
  reply: z.object({
    ok: z.boolean(),
    error: BotError.pick({ name: true, reason: true }).optional(),
  }),
} as const satisfies RouteSpec

export const setConnectorState = {
  method: 'PUT',
  path: `${base}/:connectorId/state`,
  auth: 'account:write',
  summary: 'Starts a bot, after a test of its vendor, or stops it',
  params: One,
  body: z.strictObject({ state: z.enum(['online', 'offline']) }),
  reply: Connector,
} as const satisfies RouteSpec

export const listConnectorErrors = {
  method: 'GET',
  path: `${base}/:connectorId/errors`,
  auth: 'account:read',
  summary: 'What failed in a bot, the newest first',
  params: One,
  query: BotErrorPage,
  reply: BotErrors,
} as const satisfies RouteSpec
