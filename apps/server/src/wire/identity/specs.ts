import { type RouteSpec, StorableText, Uuid } from '@parley/contract'
import * as z from 'zod'

const InAccount = z.object({ accountId: z.string() })
const base = '/api/account/:accountId'

export const lookUpServices = {
  method: 'GET',
  path: `${base}/service/baseURI.json`,
  auth: 'public',
  params: InAccount,
} as const satisfies RouteSpec

export const lookUpService = {
  method: 'GET',
  path: `${base}/service/:service/baseURI.json`,
  auth: 'public',
  params: InAccount.extend({ service: z.string() }),
} as const satisfies RouteSpec

/** Published connectors leave out the suffix (`spec/wire-api.md` 1.1). */
export const lookUpServicesPlain = {
  ...lookUpServices,
  path: `${base}/service/baseURI`,
} as const satisfies RouteSpec

export const lookUpServicePlain = {
  ...lookUpService,
  path: `${base}/service/:service/baseURI`,
} as const satisfies RouteSpec

const Text = z.string().min(1).max(4096)

export const login = {
  method: 'POST',
  path: `${base}/login`,
  auth: 'public',
  knowsSuspended: true,
  params: InAccount,
  body: z.union(
    [
      z.object({
        username: Text,
        appKey: Text,
        secret: Text,
        accessToken: z.string().max(4096).default(''),
        accessTokenSecret: z.string().max(4096).default(''),
      }),
      z.object({ username: Text, password: Text }),
      z.object({ assertion: Text }),
    ],
    'must have username and password, or username, appKey, secret, accessToken and accessTokenSecret',
  ),
} as const satisfies RouteSpec

export const refresh = {
  method: 'POST',
  path: `${base}/refresh`,
  auth: 'public',
  knowsSuspended: true,
  params: InAccount,
  body: z.object({ csrf: z.string().max(4096).optional() }),
} as const satisfies RouteSpec

export const logout = {
  method: 'POST',
  path: `${base}/logout`,
  auth: 'public',
  knowsSuspended: true,
  params: InAccount,
  body: z.object({ csrf: Text.optional() }).optional(),
} as const satisfies RouteSpec

/** Clients send the parameters as a form, as JSON or in the query. */
const TokenRequest = z
  .object({
    grant_type: Text,
    client_id: Text,
    client_secret: Text,
    scope: z.string().max(4096),
  })
  .partial()

export const issueTokenV1 = {
  method: 'POST',
  path: '/sentinel/api/account/:accountId/app/token',
  auth: 'public',
  knowsSuspended: true,
  params: InAccount,
  query: TokenRequest,
  body: TokenRequest.optional(),
} as const satisfies RouteSpec

export const issueTokenV2 = {
  ...issueTokenV1,
  path: '/sentinel/api/v2/account/:accountId/app/token',
} as const satisfies RouteSpec

/** The public keys that verify the tokens of bots, of whichever account: the reader of this path names none. */
export const installationKeys = {
  method: 'GET',
  path: '/sentinel/well-known/jwks',
  auth: 'public',
} as const satisfies RouteSpec

const Optional = z.string().max(4096).optional()

/** An application asks a user, who is sent here with the browser (`spec/wire-api.md` 4.6). Each parameter at most once. */
export const authorize = {
  method: 'GET',
  path: '/sentinel/api/account/:accountId/authorize',
  auth: 'public',
  knowsSuspended: true,
  params: InAccount,
  query: z.object({
    client_id: Optional,
    response_type: Optional,
    /** Only the address says where the answer goes: no form that a script would send. */
    response_mode: z.enum(['query']).optional(),
    redirect_uri: Optional,
    state: Optional,
    scope: Optional,
    nonce: Optional,
    code_challenge: Optional,
    code_challenge_method: Optional,
    prompt: Optional,
    max_age: Optional,
    login_hint: Optional,
    id_token_hint: z.string().max(16_384).optional(),
    resource: Optional,
  }),
} as const satisfies RouteSpec

/** Where log-in and consent send the browser back to. */
export const resumeAuthorization = {
  method: 'GET',
  path: '/sentinel/api/account/:accountId/authorize/:uid',
  auth: 'public',
  knowsSuspended: true,
  params: InAccount.extend({ uid: z.string().regex(/^[\w-]{1,64}$/) }),
} as const satisfies RouteSpec

/** Tokens for a code, and for a refresh token. */
export const issueUserToken = {
  method: 'POST',
  path: '/sentinel/api/account/:accountId/token',
  auth: 'public',
  knowsSuspended: true,
  params: InAccount,
  body: z.object({
    grant_type: Text,
    code: Optional,
    redirect_uri: Optional,
    code_verifier: Optional,
    refresh_token: Optional,
    scope: Optional,
    client_id: Optional,
    client_secret: Optional,
  }),
} as const satisfies RouteSpec

/** OpenID Connect Discovery 1.0, 4. */
export const discovery = {
  method: 'GET',
  path: '/sentinel/api/account/:accountId/.well-known/openid-configuration',
  auth: 'public',
  knowsSuspended: true,
  params: InAccount,
} as const satisfies RouteSpec

/** The public keys that verify the tokens of an account. */
export const publicKeys = {
  method: 'GET',
  path: '/sentinel/api/account/:accountId/jwks.json',
  auth: 'public',
  params: InAccount,
} as const satisfies RouteSpec

export const signup = {
  method: 'POST',
  path: `${base}/signup`,
  auth: 'public',
  params: InAccount,
} as const satisfies RouteSpec

/** For the published browser SDK, which loads answers as scripts. */
export const signupAsScript = {
  method: 'GET',
  path: `${base}/signup.jsonp`,
  auth: 'public',
  params: InAccount,
  query: z.object({
    callback: z.string().regex(/^[A-Za-z_$][\w$.]{0,99}$/, 'must be the name of a function'),
  }),
} as const satisfies RouteSpec

export const authorizeAnonymous = {
  method: 'POST',
  path: `${base}/anonymous/authorize`,
  auth: 'public',
  params: InAccount,
} as const satisfies RouteSpec

export const authenticate = {
  method: 'POST',
  path: `${base}/authenticate`,
  auth: 'public',
  knowsSuspended: true,
  params: InAccount,
  body: z.object({ authCode: z.string().min(1) }),
} as const satisfies RouteSpec

/** A consumer of a connector, by the id that the connector gives it (`spec/wire-api.md` 4.7). */
export const registerConsumer = {
  method: 'POST',
  path: `${base}/consumer`,
  auth: 'account',
  bareToken: true,
  params: InAccount,
  body: z.object({ ext_consumer_id: StorableText.min(1).max(255) }),
  status: 201,
} as const satisfies RouteSpec

const Select = z.object({
  /** Names of members, separated by commas; all of them unless given. */
  select: z.string().max(1000).optional(),
  v: z.string().optional(),
})

/** By the pid: what a page may show of the agent in a conversation. By the id: the user, for callers who may read the account. */
export const oneUser = {
  method: 'GET',
  path: `${base}/configuration/le-users/users/:userId`,
  auth: 'public',
  params: InAccount.extend({
    userId: z.union([Uuid, z.string().regex(/^\d{1,18}$/)], 'must be the id or the pid of a user'),
  }),
  query: Select,
} as const satisfies RouteSpec

export const listUsers = {
  method: 'GET',
  path: `${base}/configuration/le-users/users`,
  auth: 'account:read',
  params: InAccount,
  query: Select,
} as const satisfies RouteSpec

export const listSkills = {
  method: 'GET',
  path: `${base}/configuration/le-users/skills`,
  auth: 'account:read',
  params: InAccount,
  query: Select,
} as const satisfies RouteSpec

export const oneSkill = {
  method: 'GET',
  path: `${base}/configuration/le-users/skills/:skillId`,
  auth: 'account:read',
  params: InAccount.extend({
    skillId: z.string().regex(/^\d{1,18}$/, 'must be the id of a skill'),
  }),
  query: Select,
} as const satisfies RouteSpec

/** Whether each skill is in its hours now. */
export const shiftStatus = {
  method: 'GET',
  path: `${base}/shift-status`,
  auth: 'account:read',
  params: InAccount,
} as const satisfies RouteSpec

/** Also for consumers, with the token of their sign-up. */
export const shiftStatusOfSkill = {
  method: 'GET',
  path: `${base}/skills/:skillId/shift-status-skill`,
  auth: 'public',
  params: InAccount.extend({
    skillId: z.string().regex(/^\d{1,18}$/, 'must be the id of a skill'),
  }),
} as const satisfies RouteSpec
