import type {
  AuditOutcome,
  GrantType,
  Permission,
  Profile,
  UserRole,
  WorkCalendar,
} from '@parley/contract'
import type { ColumnType, Generated } from 'kysely'

export interface AccountTable {
  accountId: string
  nextUserId: Generated<number>
  nextSkillId: Generated<number>
  createdAt: Date
  /** What the operator calls it. */
  name: Generated<string>
  /** Since then nothing works in it. */
  suspendedAt: Date | null
  /** Since then it is being ended: there is no way back. */
  endingAt: Date | null
}

/** What the operator has done with an account. Accounts may be gone. */
export interface OperatorEntryTable {
  entryId: Generated<number>
  at: Date
  accountId: string
  action: string
  address: string | null
  /** The operator's key, by the beginning of its digest. */
  via: string | null
  details: ColumnType<Record<string, unknown>, string, string>
}

/** What differs from the defaults of the contract. */
export interface AccountSettingsTable {
  accountId: string
  changed: ColumnType<object, string, string>
  updatedAt: Date
}

export interface AccountUserTable {
  accountId: string
  userId: string
  pid: string
  loginName: string
  nickname: string
  fullName: string
  email: string | null
  pictureUrl: string | null
  kind: 'human' | 'bot'
  role: UserRole
  profiles: Profile[]
  /** What it could do before its rights were narrowed; emptied when an administrator changes them. */
  keptPermissions: Generated<Permission[]>
  maxSlots: number
  enabled: boolean
  /** Absent for a bot that logs in with an API key. */
  passwordHash: string | null
  createdAt: Date
  updatedAt: Date
}

export interface SkillTable {
  accountId: string
  skillId: string
  name: string
  description: string
  createdAt: Date
}

export interface UserSkillTable {
  accountId: string
  userId: string
  skillId: string
}

/** A login. Only hashes of what the client holds. */
export interface LoginSessionTable {
  accountId: string
  bearerHash: string
  cookieHash: string
  csrfHash: string
  userId: string
  /** A later login of a user has a higher one. */
  sequence: Generated<number>
  createdAt: Date
  expiresAt: Date
  /** The application key or the client id by which the user logged in; absent after a password. */
  loginKey: string | null
}

/** A link by which a user sets a password. Only the hash of what it holds. */
export interface InvitationTable {
  accountId: string
  userId: string
  tokenHash: string
  createdAt: Date
  createdBy: string
  expiresAt: Date
}

export interface OauthClientTable {
  accountId: string
  clientId: string
  secretDigest: string
  /** Sealed: webhooks are signed with it. Absent in applications made by version 0.1.0, until they get a new secret. */
  secretBox: string | null
  /** `{digest, until}` of replaced secrets that are still accepted; `until` in ms. */
  oldSecrets: ColumnType<unknown, string | undefined, string>
  webhook: ColumnType<unknown, string | null | undefined, string | null>
  name: string
  scopes: string[]
  grantTypes: Generated<GrantType[]>
  redirectUris: Generated<string[]>
  /** What it could do before its rights were narrowed; emptied when an administrator changes them. */
  keptPermissions: Generated<Permission[]>
  createdAt: Date
  createdBy: string
  lastUsedAt: Generated<Date | null>
}

/** What the OAuth2 server remembers, of the library's kinds of models. */
export interface GrantItemTable {
  accountId: string
  kind: string
  /** A digest, as are the other two: the values themselves are secrets. */
  id: string
  sessionId: string | null
  grantId: string | null
  userId: string | null
  clientId: string | null
  /** Sealed. */
  payloadBox: string
  /** When a code or a refresh token was used. */
  consumedAt: Generated<Date | null>
  expiresAt: Date
}

export interface ApiKeyTable {
  accountId: string
  keyId: string
  name: string
  appKey: string
  accessToken: string
  /** Sealed: signatures are computed with them. */
  secretBox: string
  accessTokenSecretBox: string
  permissions: Permission[]
  /** What it could do before its rights were narrowed; emptied when an administrator changes them. */
  keptPermissions: Generated<Permission[]>
  createdAt: Date
  createdBy: string
  lastUsedAt: Generated<Date | null>
}

/** OAuth1 nonces that were used within the window in which their timestamp is accepted. */
export interface UsedNonceTable {
  accountId: string
  appKey: string
  nonce: string
  at: Date
}

export interface SigningKeyTable {
  accountId: string
  kid: string
  publicJwk: ColumnType<object, string, string>
  privateBox: string
  createdAt: Date
}

/** Of no account: readers of some tokens look their keys up without naming one. */
export interface InstallationKeyTable {
  kid: string
  publicJwk: ColumnType<object, string, string>
  privateBox: string
  createdAt: Date
}

export interface TokenIssuerTable {
  accountId: string
  issuer: string
  audience: string | null
  keys: ColumnType<Record<string, unknown>[], string, string>
  createdAt: Date
}

/** `owner` is `account` or a skill id. */
export interface WorkCalendarTable {
  accountId: string
  owner: string
  calendar: ColumnType<WorkCalendar, string, string>
  updatedAt: Date
}

export interface AuditEntryTable {
  accountId: string
  at: Date
  auditId: string
  actor: string
  action: string
  object: string
  /** The client's address. */
  address: string | null
  /** The key or application that logged the actor in. */
  via: string | null
  /** Null when it was done. */
  outcome: AuditOutcome | null
  /** Null for once. */
  count: number | null
  details: ColumnType<Record<string, unknown>, string, string>
}

/** Facts about this installation as a whole; the one table without accounts. */
export interface InstallationTable {
  name: string
  value: string
}
