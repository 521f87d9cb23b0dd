import * as z from 'zod'
import {
  KeptPermissions,
  PERMISSIONS,
  type Permission,
  PROFILE_PERMISSIONS,
} from './permissions.ts'
import type { RouteSpec } from './route.ts'
import { AskedId, Instant, StorableText, Uuid } from './text.ts'

/** What an application's token may be asked for, and what it then permits. */
export const SCOPE_PERMISSIONS = {
  'faas.lambda.invoke': PROFILE_PERMISSIONS['FaaS-Invocation'],
  /** Conversations on behalf of consumers. */
  'msg.consumer': [],
  /** Checks of a bot with an end point of its own (`spec/bots.md` 3.7); it permits nothing here. */
  'thirdpartybots.customendpoint.bot': [],
  'account.read': ['account:read'],
  'conversation.read': ['conversation:read'],
  /** Logging in people, not only bots, within the rights of the application's other scopes. */
  'user.impersonate': ['user:impersonate'],
} as const satisfies Record<string, readonly Permission[]>
export type Scope = keyof typeof SCOPE_PERMISSIONS
export const SCOPES = Object.keys(SCOPE_PERMISSIONS) as [Scope, ...Scope[]]

/** The scopes that a user can let an application use: they only permit what the user may do as well. */
export const DELEGATED_SCOPES: readonly Scope[] = [
  'faas.lambda.invoke',
  'account.read',
  'conversation.read',
]

/** What an API key permits unless asked otherwise: what functions do with the platform's own APIs. */
export const DEFAULT_KEY_PERMISSIONS: readonly Permission[] = [
  ...PROFILE_PERMISSIONS['FaaS-Invocation'],
  'account:read',
  'conversation:read',
  'conversation:manage',
]

/**
 * Chosen by the caller, and known to nobody else: the same request once more, within 24 hours and by the same caller, is answered as
 * before, with the secrets.
 */
const RequestId = Uuid.optional()

const Label = StorableText.trim().min(1, 'must not be empty').max(255)

/** The notifications that an application may be sent (`spec/wire-api.md` 4.7): all of a type, or those of one type of event. */
export const WEBHOOK_EVENTS = [
  'ms.MessagingEventNotification',
  'ms.MessagingEventNotification.ContentEvent',
  'ms.MessagingEventNotification.RichContentEvent',
  'ms.MessagingEventNotification.AcceptStatusEvent',
  'ms.MessagingEventNotification.ChatStateEvent',
  'cqm.ExConversationChangeNotification',
] as const
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number]

/** Where an application hears of the conversations that it has opened for consumers. */
export const Webhook = z.strictObject({
  /** At most 2048 characters, without user name, password and fragment. */
  url: StorableText.max(2048).refine(
    isWebhookUrl,
    'must be an https address without user name, password and fragment',
  ),
  events: z
    .array(z.enum(WEBHOOK_EVENTS))
    .min(1)
    .max(WEBHOOK_EVENTS.length)
    .refine((events) => new Set(events).size === events.length, 'must not name an event twice'),
})
export type Webhook = z.infer<typeof Webhook>

function isWebhookUrl(text: string): boolean {
  const url = URL.parse(text)
  if (!url || !['http:', 'https:'].includes(url.protocol)) return false
  return url.username === '' && url.password === '' && !text.includes('#')
}

/** How an application gets tokens: by its own secret, or by the consent of a user, for whom it then acts. */
export const GRANT_TYPES = ['client_credentials', 'authorization_code'] as const
export type GrantType = (typeof GRANT_TYPES)[number]

const MAX_REDIRECT_URIS = 20

const GrantTypes = z
  .array(z.enum(GRANT_TYPES))
  .min(1)
  .max(GRANT_TYPES.length)
  .refine((types) => new Set(types).size === types.length, 'must not name a grant type twice')

/** Where a browser may be sent with an authorization code. Compared character by character. */
const RedirectUri = StorableText.max(2048).refine(
  isRedirectUri,
  'must be an https address, or an http address of this machine, in its normal form and without user name, password and fragment',
)
const RedirectUris = z
  .array(RedirectUri)
  .max(MAX_REDIRECT_URIS)
  .refine((uris) => new Set(uris).size === uris.length, 'must not name an address twice')

const LOOPBACK_HOSTS: readonly string[] = ['localhost', '127.0.0.1', '[::1]']

function isRedirectUri(text: string): boolean {
  const url = URL.parse(text)
  if (!url || url.username !== '' || url.password !== '' || text.includes('#')) return false
  // Nothing that a browser would read as another address than the one that is written here.
  if (url.href !== text && url.href !== `${text}/`) return false
  return (
    url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK_HOSTS.includes(url.hostname))
  )
}

/** When its secret was used last, to ten minutes; absent for one that was never used. */
const LastUse = Instant.optional()

/** An OAuth2 application. */
export const OAuthClient = z.object({
  clientId: z.string(),
  name: z.string(),
  scopes: z.array(z.string()),
  grantTypes: z.array(z.enum(GRANT_TYPES)),
  redirectUris: z.array(z.string()),
  keptPermissions: KeptPermissions.optional(),
  webhook: Webhook.optional(),
  createdAt: Instant,
  createdBy: z.string(),
  lastUsedAt: LastUse,
})
export type OAuthClient = z.infer<typeof OAuthClient>

/** An OAuth1 key pair with its access token: signs requests, and logs bots in. */
export const ApiKey = z.object({
  keyId: Uuid,
  name: z.string(),
  appKey: z.string(),
  accessToken: z.string(),
  permissions: z.array(z.enum(PERMISSIONS)),
  keptPermissions: KeptPermissions.optional(),
  createdAt: Instant,
  createdBy: z.string(),
  lastUsedAt: LastUse,
})
export type ApiKey = z.infer<typeof ApiKey>

/** An identity provider: its signed tokens say who a consumer is. */
export const TokenIssuer = z.object({
  issuer: Label,
  /** Checked against `aud` when it is set. */
  audience: Label.optional(),
  /** Public keys as a JSON Web Key Set. */
  keys: z
    .array(z.looseObject({ kty: z.enum(['RSA', 'EC', 'OKP']), kid: z.string().optional() }))
    .min(1)
    .max(20),
  createdAt: Instant,
})
export type TokenIssuer = z.infer<typeof TokenIssuer>

export const SigningKey = z.object({
  kid: z.string(),
  createdAt: Instant,
  /** Signs new tokens; the others only verify old ones. */
  current: z.boolean(),
})

const InAccount = z.object({ accountId: z.string() })
const base = '/api/v1/accounts/:accountId'

export const listClients = {
  method: 'GET',
  path: `${base}/clients`,
  auth: 'account:write',
  summary: 'OAuth2 applications, without their secrets',
  params: InAccount,
  reply: z.object({ clients: z.array(OAuthClient) }),
} as const satisfies RouteSpec

export const createClient = {
  method: 'POST',
  path: `${base}/clients`,
  auth: 'account:write',
  summary: 'Registers an OAuth2 application; the secret is shown this once',
  params: InAccount,
  body: z.object({
    name: Label,
    scopes: z.array(z.enum(SCOPES)).min(1).default(['faas.lambda.invoke']),
    grantTypes: GrantTypes.default(['client_credentials']),
    /** Go with `authorization_code`. */
    redirectUris: RedirectUris.default([]),
    webhook: Webhook.optional(),
    requestId: RequestId,
  }),
  reply: OAuthClient.extend({ clientSecret: z.string() }),
  status: 201,
} as const satisfies RouteSpec

export const changeClient = {
  method: 'PATCH',
  path: `${base}/clients/:clientId`,
  auth: 'account:write',
  summary: 'Changes what is named; tokens that were issued lose scopes at once, and gain none',
  params: InAccount.extend({ clientId: z.string() }),
  body: z
    .object({
      name: Label,
      scopes: z.array(z.enum(SCOPES)).min(1),
      grantTypes: GrantTypes,
      redirectUris: RedirectUris,
      /** `null` takes it away. */
      webhook: Webhook.nullable(),
    })
    .partial(),
  reply: OAuthClient,
} as const satisfies RouteSpec

export const renewClientSecret = {
  method: 'POST',
  path: `${base}/clients/:clientId/secret`,
  auth: 'account:write',
  summary:
    'Makes a new secret, shown this once; the old one is accepted for 24 hours, with revoke it ends at once',
  params: InAccount.extend({ clientId: z.string() }),
  body: z.object({ revoke: z.boolean().default(false) }).prefault({}),
  reply: z.object({
    clientId: z.string(),
    clientSecret: z.string(),
    /** Until when the secret before is accepted. */
    oldSecretsUntil: Instant.optional(),
  }),
  status: 201,
} as const satisfies RouteSpec

export const deleteClient = {
  method: 'DELETE',
  path: `${base}/clients/:clientId`,
  auth: 'account:write',
  summary: 'Its tokens are refused from then on',
  params: InAccount.extend({ clientId: z.string() }),
  status: 204,
} as const satisfies RouteSpec

export const listApiKeys = {
  method: 'GET',
  path: `${base}/api-keys`,
  auth: 'account:write',
  summary: 'OAuth1 keys, without their secrets',
  params: InAccount,
  reply: z.object({ apiKeys: z.array(ApiKey) }),
} as const satisfies RouteSpec

export const createApiKey = {
  method: 'POST',
  path: `${base}/api-keys`,
  auth: 'account:write',
  summary: 'Makes an OAuth1 key; the two secrets are shown this once',
  params: InAccount,
  body: z.object({
    name: Label,
    permissions: z.array(z.enum(PERMISSIONS)).optional(),
    requestId: RequestId,
  }),
  reply: ApiKey.extend({ secret: z.string(), accessTokenSecret: z.string() }),
  status: 201,
} as const satisfies RouteSpec

export const changeApiKey = {
  method: 'PATCH',
  path: `${base}/api-keys/:keyId`,
  auth: 'account:write',
  summary: 'Changes what is named; in force at once, also in sessions that the key has opened',
  params: InAccount.extend({ keyId: AskedId }),
  body: z.object({ name: Label, permissions: z.array(z.enum(PERMISSIONS)) }).partial(),
  reply: ApiKey,
} as const satisfies RouteSpec

export const deleteApiKey = {
  method: 'DELETE',
  path: `${base}/api-keys/:keyId`,
  auth: 'account:write',
  summary:
    'Deletes a key: requests that it has signed, and sessions that it has opened, are refused from now on',
  params: InAccount.extend({ keyId: AskedId }),
  status: 204,
} as const satisfies RouteSpec

export const listIssuers = {
  method: 'GET',
  path: `${base}/issuers`,
  auth: 'account:write',
  summary: 'Issuers of the tokens by which consumers sign in',
  params: InAccount,
  reply: z.object({ issuers: z.array(TokenIssuer) }),
} as const satisfies RouteSpec

export const createIssuer = {
  method: 'POST',
  path: `${base}/issuers`,
  auth: 'account:write',
  summary: 'Trusts an issuer by its public keys, given as PEM or as a JSON Web Key Set',
  params: InAccount,
  body: z
    .object({
      issuer: Label,
      audience: Label.optional(),
      publicKeyPem: z.string().max(20_000).optional(),
      keys: TokenIssuer.shape.keys.optional(),
    })
    .refine(({ publicKeyPem, keys }) => (publicKeyPem === undefined) !== (keys === undefined), {
      message: 'must have either publicKeyPem or keys',
      path: ['keys'],
    }),
  reply: TokenIssuer,
  status: 201,
} as const satisfies RouteSpec

export const deleteIssuer = {
  method: 'DELETE',
  path: `${base}/issuers/:issuer`,
  auth: 'account:write',
  summary: 'Consumers for whom it vouched are refused from then on',
  params: InAccount.extend({ issuer: z.string() }),
  status: 204,
} as const satisfies RouteSpec

export const listSigningKeys = {
  method: 'GET',
  path: `${base}/signing-keys`,
  auth: 'account:write',
  summary: "The keys by which this account's tokens are signed, newest first",
  params: InAccount,
  reply: z.object({ signingKeys: z.array(SigningKey) }),
} as const satisfies RouteSpec

export const rotateSigningKey = {
  method: 'POST',
  path: `${base}/signing-keys`,
  auth: 'account:write',
  summary: 'Signs with a new key; with revoke, every token of the old ones is refused at once',
  params: InAccount,
  body: z.object({ revoke: z.boolean().default(false) }).prefault({}),
  reply: SigningKey,
  status: 201,
} as const satisfies RouteSpec
