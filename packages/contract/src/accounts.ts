import * as z from 'zod'
import { KeptPermissions, PERMISSIONS, PROFILES, USER_ROLES } from './permissions.ts'
import { COMMON_PASSWORDS } from './common-passwords.ts'
import { HttpsUrl } from './https-url.ts'
import type { RouteSpec } from './route.ts'
import { AskedId, EmailAddress, Instant, listOf, StorableText, Uuid } from './text.ts'

const Label = StorableText.trim().min(1, 'must not be empty').max(255)

/** An account: 1 to 32 word characters. Chosen when the account is made, never changed. */
export const AccountId = z.string().regex(/^\w{1,32}$/, 'must be 1 to 32 of A-Z, a-z, 0-9, _')
/** A user of an account, as the published clients name it: digits only (`spec/messaging.md` 1). */
export const UserId = z.string().regex(/^\d{1,18}$/, 'must be numeric')
/** A skill of an account: digits only. `-1` (`NO_SKILL`) is none of them. */
export const SkillId = z.string().regex(/^\d{1,18}$/, 'must be numeric')
/** Of a new skill. Published clients read it as a number: in a longer one they would lose digits, and zeros before it. */
export const NewSkillId = z
  .string()
  .regex(/^(?:0|[1-9]\d{0,14})$/, 'must be a number of at most 15 digits, without zeros before it')
/** What a user logs in with: at most 255 characters, no spaces. */
export const LoginName = Label.regex(/^\S+$/, 'must not contain spaces')

/** The login names of the people whom a first start makes. */
export function firstLoginNames(adminUser = 'admin', agentUser = 'agent') {
  return { adminUser, agentUsers: [agentUser, agentUser.replace(/(?=@|$)/, '2')] as const }
}
/** A new password: 12 to 200 characters, none of those that leak most often. Passwords of before stay valid. */
export const Password = StorableText.min(12, 'must have at least 12 characters')
  .max(200)
  .refine(
    (password) => !COMMON_PASSWORDS.has(password.toLowerCase()),
    'must not be one of the passwords that are used most',
  )

const ProfileName = z.enum(PROFILES)
const RoleName = z.enum(USER_ROLES)

/** People, and bots that serve conversations like agents. */
export const UserKind = z.enum(['human', 'bot'])

/** A user as the native API shows it. It never holds the password. */
export const User = z.object({
  userId: UserId,
  /** What other participants of a conversation see. */
  pid: Uuid,
  loginName: LoginName,
  nickname: z.string(),
  fullName: z.string(),
  email: z.string().optional(),
  /** What consumers see beside the nickname. */
  pictureUrl: z.string().optional(),
  kind: UserKind,
  role: RoleName,
  profiles: z.array(ProfileName),
  keptPermissions: KeptPermissions.optional(),
  skillIds: z.array(SkillId),
  /** Conversations at the same time. */
  maxSlots: z.int().nonnegative(),
  enabled: z.boolean(),
  createdAt: Instant,
  updatedAt: Instant,
})
export type User = z.infer<typeof User>

const UserFields = z.object({
  loginName: LoginName,
  nickname: Label,
  fullName: Label,
  email: EmailAddress,
  /** `null` takes the picture away. */
  pictureUrl: HttpsUrl.nullable(),
  kind: UserKind,
  role: RoleName,
  profiles: z.array(ProfileName).max(PROFILES.length),
  skillIds: z.array(SkillId).max(1000),
  maxSlots: z.int().min(0).max(999),
  enabled: z.boolean(),
  /** Absent for bots that log in with an API key only. */
  password: Password,
})

/** What a new user is made of. Members that are absent have their defaults. */
export const UserDraft = UserFields.partial().required({ loginName: true })
export type UserDraft = z.infer<typeof UserDraft>

/** Members that are absent keep their values. */
export const UserChange = UserFields.partial()
export type UserChange = z.infer<typeof UserChange>

/** What conversations are routed by: agents and functions have skills (`spec/messaging.md` 5.6). */
export const Skill = z.object({
  skillId: SkillId,
  name: Label,
  description: z.string(),
  createdAt: Instant,
})
export type Skill = z.infer<typeof Skill>

const SkillFields = z.object({ name: Label, description: StorableText.max(1000) })

/** What a new skill is made of. */
export const SkillDraft = SkillFields.extend({
  /** Chosen by the server when absent. */
  skillId: NewSkillId.optional(),
  description: SkillFields.shape.description.default(''),
})
export type SkillDraft = z.infer<typeof SkillDraft>

/** Members that are absent keep their values. */
export const SkillChange = SkillFields.partial()
export type SkillChange = z.infer<typeof SkillChange>

const AuditOutcome = z.enum(['unknown', 'failed', 'refused'])
export type AuditOutcome = z.infer<typeof AuditOutcome>

/** Something that an administrator or the system did to the account. */
export const AuditEntry = z.object({
  auditId: Uuid,
  at: Instant,
  /** A login name, `client:<id>`, `key:<id>` or `system`. */
  actor: z.string(),
  action: z.string(),
  /** What it was done to, such as `user:1001`. */
  object: z.string(),
  /** From where; absent for what the server does by itself. */
  address: z.string().optional(),
  /** The key or application that logged the actor in, such as `key:<id>`. */
  via: z.string().optional(),
  /**
   * Absent when it was done. `unknown`: begun, and its end was not noted: it runs, or the server ended meanwhile. `failed`: begun, and
   * ended with the error in `details`. `refused`: the caller had not the right, or did not prove who it was.
   */
  outcome: AuditOutcome.optional(),
  /** How often within the minute that began then; absent for once. */
  count: z.int().positive().optional(),
  details: z.record(z.string(), z.json()),
})
export type AuditEntry = z.infer<typeof AuditEntry>

const InAccount = z.object({ accountId: z.string() })
const OneUser = InAccount.extend({ userId: z.string() })
const OneSkill = InAccount.extend({ skillId: z.string() })
const base = '/api/v1/accounts/:accountId'

export const openSession = {
  method: 'POST',
  path: `${base}/sessions`,
  auth: 'public',
  knowsSuspended: true,
  summary: 'Logs a user in with name and password',
  params: InAccount,
  body: z.object({ loginName: z.string(), password: z.string() }),
  reply: z.object({ bearer: z.string(), csrf: z.string(), expiresAt: Instant, user: User }),
  status: 201,
} as const satisfies RouteSpec

export const closeSession = {
  method: 'DELETE',
  path: `${base}/sessions/current`,
  auth: 'account',
  summary: 'Logs the calling user out',
  params: InAccount,
  status: 204,
} as const satisfies RouteSpec

export const getCaller = {
  method: 'GET',
  path: `${base}/caller`,
  auth: 'account',
  summary: 'Who is calling, and what they may do',
  params: InAccount,
  reply: z.object({
    kind: z.enum(['user', 'app']),
    id: z.string(),
    permissions: z.array(z.enum(PERMISSIONS)),
    scopes: z.array(z.string()),
    user: User.optional(),
    /** Empty for an account that nobody has named. */
    accountName: z.string().default(''),
  }),
} as const satisfies RouteSpec

export const changeOwnPassword = {
  method: 'PUT',
  path: `${base}/caller/password`,
  auth: 'account',
  summary: 'Changes the password of the calling user and ends its other sessions',
  params: InAccount,
  body: z.object({ currentPassword: z.string().max(1000), newPassword: Password }),
  status: 204,
} as const satisfies RouteSpec

export const listUsers = {
  method: 'GET',
  path: `${base}/users`,
  auth: 'account:read',
  summary: 'People and bots of the account: all, or those who are asked for',
  params: InAccount,
  query: z.object({
    /** Those with one of these ids or pids; others are left out. */
    id: listOf(AskedId.max(200)),
    /** Those who have this skill. */
    skillId: AskedId.max(200).optional(),
  }),
  reply: z.object({ users: z.array(User) }),
} as const satisfies RouteSpec

export const createUser = {
  method: 'POST',
  path: `${base}/users`,
  auth: 'account:write',
  summary: 'Adds a person or a bot',
  params: InAccount,
  body: UserDraft,
  reply: User,
  status: 201,
} as const satisfies RouteSpec

export const getUser = {
  method: 'GET',
  path: `${base}/users/:userId`,
  auth: 'account:read',
  summary: 'One user',
  params: OneUser,
  reply: User,
} as const satisfies RouteSpec

export const changeUser = {
  method: 'PATCH',
  path: `${base}/users/:userId`,
  auth: 'account:write',
  summary: 'Changes what is named; a new password, a new role or disabling ends the sessions',
  params: OneUser,
  body: UserChange,
  reply: User,
} as const satisfies RouteSpec

export const deleteUser = {
  method: 'DELETE',
  path: `${base}/users/:userId`,
  auth: 'account:write',
  summary: 'Deletes a user, and ends the sessions',
  params: OneUser,
  status: 204,
} as const satisfies RouteSpec

export const endUserSessions = {
  method: 'DELETE',
  path: `${base}/users/:userId/sessions`,
  auth: 'account:write',
  summary: 'Logs a user out everywhere, and ends what the user has let applications do',
  params: OneUser,
  status: 204,
} as const satisfies RouteSpec

export const listSkills = {
  method: 'GET',
  path: `${base}/skills`,
  auth: 'account:read',
  summary: 'Every skill of the account',
  params: InAccount,
  reply: z.object({ skills: z.array(Skill) }),
} as const satisfies RouteSpec

export const createSkill = {
  method: 'POST',
  path: `${base}/skills`,
  auth: 'account:write',
  summary: 'Makes a skill; its id is chosen by the server unless given',
  params: InAccount,
  body: SkillDraft,
  reply: Skill,
  status: 201,
} as const satisfies RouteSpec

export const changeSkill = {
  method: 'PATCH',
  path: `${base}/skills/:skillId`,
  auth: 'account:write',
  summary: 'Changes what is named',
  params: OneSkill,
  body: SkillChange,
  reply: Skill,
} as const satisfies RouteSpec

export const deleteSkill = {
  method: 'DELETE',
  path: `${base}/skills/:skillId`,
  auth: 'account:write',
  summary: 'Also takes the skill from its users and drops its opening hours',
  params: OneSkill,
  status: 204,
} as const satisfies RouteSpec

const AuditFilter = z.object({
  actor: z.string().optional(),
  object: z.string().optional(),
  action: z.string().optional(),
  address: z.string().optional(),
  via: z.string().optional(),
  outcome: AuditOutcome.optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
})

export const exportAudit = {
  method: 'GET',
  path: `${base}/audit.jsonl`,
  auth: 'audit:read',
  audit: 'audit.exported',
  summary: 'The same as JSON lines, all pages of them',
  params: InAccount,
  query: AuditFilter,
  answers: ['application/jsonl'],
} as const satisfies RouteSpec

export const exportAuditCsv = {
  ...exportAudit,
  path: `${base}/audit.csv`,
  summary: 'The same as CSV (RFC 4180), with a line of names first',
  answers: ['text/csv'],
} as const satisfies RouteSpec

export const listAudit = {
  method: 'GET',
  path: `${base}/audit`,
  auth: 'audit:read',
  audit: 'audit.read',
  summary: 'Who changed or read what, from where and by which key; newest first',
  params: InAccount,
  query: AuditFilter.extend({
    limit: z.coerce.number().int().min(1).max(500).default(100),
    /** `next` of the page before. */
    after: z.string().optional(),
  }),
  reply: z.object({ entries: z.array(AuditEntry), next: z.string().optional() }),
} as const satisfies RouteSpec
