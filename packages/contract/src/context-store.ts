import * as z from 'zod'
import type { RouteSpec } from './route.ts'
import { StorableText } from './text.ts'

/** Namespaces that every account has; they can be neither created nor deleted. */
export const BUILT_IN_NAMESPACES = ['faas', 'consumer', 'custom', 'operational', 'conversation']

/** The session of calls that name none. */
export const DEFAULT_SESSION = '__default__'

/** Clients resolve `.` and `..` in a path, even encoded: the request would reach something else. */
const isSegment = (name: string) => name !== '.' && name !== '..'
const NOT_A_SEGMENT = 'must not be "." or ".."'

export const ContextName = z
  .string()
  .regex(/^[\w.-]{1,128}$/, 'must be 1 to 128 letters, digits, dots, hyphens or underscores')
  .refine(isSegment, NOT_A_SEGMENT)
/** Paths without a session have `properties` in its place. */
const SessionId = ContextName.refine((name) => name !== 'properties', 'must not be "properties"')
export const PropertyName = StorableText.min(1).max(256).refine(isSegment, NOT_A_SEGMENT)
const inAccount = z.object({ accountId: z.string() })
const inNamespace = inAccount.extend({ namespace: ContextName })
const inSession = inNamespace.extend({ sessionId: SessionId })
const inDefaultSession = inNamespace.transform((place) => ({
  ...place,
  sessionId: DEFAULT_SESSION,
}))
const ofDefaultSession = inNamespace
  .extend({ name: PropertyName })
  .transform((place) => ({ ...place, sessionId: DEFAULT_SESSION }))

/** Property names and their values, any JSON. */
export const ContextProperties = z.record(PropertyName, z.unknown(), {
  error: (issue) => (issue.code === 'invalid_key' ? issue.issues[0]?.message : undefined),
})
export type ContextProperties = z.infer<typeof ContextProperties>

const base = '/v1/account/:accountId'

export const listNamespaces = {
  method: 'GET',
  path: base,
  auth: 'public',
  params: inAccount,
} as const satisfies RouteSpec

export const createNamespace = {
  method: 'POST',
  path: base,
  auth: 'public',
  params: inAccount,
  query: z.object({
    ttlSecond: z.coerce.number().int().positive().max(31_536_000).optional(),
  }),
  body: z.object({ name: ContextName }),
  status: 204,
} as const satisfies RouteSpec

export const deleteNamespace = {
  method: 'DELETE',
  path: `${base}/:namespace`,
  auth: 'public',
  params: inNamespace,
} as const satisfies RouteSpec

/** The published list has no pages: this many are answered, and `after` asks for those behind them. */
export const MAX_LISTED_SESSIONS = 10_000

/** In the order of their ids. */
export const listContextSessions = {
  method: 'GET',
  path: `${base}/:namespace/session-ids`,
  auth: 'public',
  params: inNamespace,
  query: z.object({ after: ContextName.optional() }),
} as const satisfies RouteSpec

export const readProperties = {
  method: 'GET',
  path: `${base}/:namespace/:sessionId/properties`,
  auth: 'public',
  params: inSession,
} as const satisfies RouteSpec

export const writeProperties = {
  method: 'PATCH',
  path: `${base}/:namespace/:sessionId/properties`,
  auth: 'public',
  params: inSession,
  body: ContextProperties,
  maxValues: 25_000,
  status: 204,
} as const satisfies RouteSpec

export const deleteContextSession = {
  method: 'DELETE',
  path: `${base}/:namespace/:sessionId/properties`,
  auth: 'public',
  params: inSession,
} as const satisfies RouteSpec

export const readProperty = {
  method: 'GET',
  path: `${base}/:namespace/:sessionId/properties/:name`,
  auth: 'public',
  params: inSession.extend({ name: PropertyName }),
} as const satisfies RouteSpec

/** The body is the value, any JSON. */
export const writeProperty = {
  method: 'PUT',
  path: `${base}/:namespace/:sessionId/properties/:name`,
  auth: 'public',
  params: inSession.extend({ name: PropertyName }),
  body: z.unknown().refine((value) => value !== undefined, 'is missing'),
  status: 204,
} as const satisfies RouteSpec

export const deleteProperty = {
  method: 'DELETE',
  path: `${base}/:namespace/:sessionId/properties/:name`,
  auth: 'public',
  params: inSession.extend({ name: PropertyName }),
} as const satisfies RouteSpec

const defaultSession = `${base}/:namespace/properties` as const

/** The same without a session in the path. */
export const readDefaultProperties = {
  ...readProperties,
  path: defaultSession,
  params: inDefaultSession,
} as const satisfies RouteSpec

export const writeDefaultProperties = {
  ...writeProperties,
  path: defaultSession,
  params: inDefaultSession,
} as const satisfies RouteSpec

export const deleteDefaultSession = {
  ...deleteContextSession,
  path: defaultSession,
  params: inDefaultSession,
} as const satisfies RouteSpec

export const readDefaultProperty = {
  ...readProperty,
  path: `${defaultSession}/:name`,
  params: ofDefaultSession,
} as const satisfies RouteSpec

export const writeDefaultProperty = {
  ...writeProperty,
  path: `${defaultSession}/:name`,
  params: ofDefaultSession,
} as const satisfies RouteSpec

export const deleteDefaultProperty = {
  ...deleteProperty,
  path: `${defaultSession}/:name`,
  params: ofDefaultSession,
} as const satisfies RouteSpec

const ContextKey = z.object({ apiKey: z.string(), createdAt: z.string() })

export const getContextKey = {
  method: 'GET',
  path: '/api/v1/accounts/:accountId/context-store/key',
  auth: 'account:write',
  summary: 'The API key of the context store; made when it is first asked for',
  params: inAccount,
  reply: ContextKey,
} as const satisfies RouteSpec

export const replaceContextKey = {
  method: 'POST',
  path: '/api/v1/accounts/:accountId/context-store/key',
  auth: 'account:write',
  summary: 'Replaces the API key of the context store; the old one ends at once',
  params: inAccount,
  reply: ContextKey,
} as const satisfies RouteSpec
