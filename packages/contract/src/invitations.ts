import * as z from 'zod'
import { Password, UserId } from './accounts.ts'
import type { RouteSpec } from './route.ts'
import { Instant } from './text.ts'

/** Somebody has been asked to set a password, and has not done it yet. */
export const Invitation = z.object({
  userId: UserId,
  createdAt: Instant,
  /** Who has asked, as the audit says it. */
  createdBy: z.string(),
  expiresAt: Instant,
})
export type Invitation = z.infer<typeof Invitation>

/** What the link holds. It is shown once, and kept by its hash only. */
const InvitationToken = z.string().min(1, 'must not be empty').max(100)

const InAccount = z.object({ accountId: z.string() })
const OneUser = InAccount.extend({ userId: z.string() })
const base = '/api/v1/accounts/:accountId'

export const listInvitations = {
  method: 'GET',
  path: `${base}/invitations`,
  auth: 'account:write',
  summary: 'Invitations that somebody can still take',
  params: InAccount,
  reply: z.object({ invitations: z.array(Invitation) }),
} as const satisfies RouteSpec

export const createInvitation = {
  method: 'POST',
  path: `${base}/users/:userId/invitation`,
  auth: 'account:write',
  summary:
    'Lets a person set a password, once: the link is /console/set-password/{account}#{token}. One before it ends',
  params: OneUser,
  body: z.object({
    /** How long it is good for. */
    hours: z.int().min(1).max(168).default(72),
  }),
  reply: Invitation.extend({ token: InvitationToken }),
  status: 201,
} as const satisfies RouteSpec

export const deleteInvitation = {
  method: 'DELETE',
  path: `${base}/users/:userId/invitation`,
  auth: 'account:write',
  summary: 'The link leads nowhere from now on',
  params: OneUser,
  status: 204,
} as const satisfies RouteSpec

export const readInvitation = {
  method: 'POST',
  path: `${base}/invitation`,
  auth: 'public',
  knowsSuspended: true,
  summary: 'Whom an invitation is for; it stays good',
  params: InAccount,
  body: z.object({ token: InvitationToken }),
  reply: z.object({
    loginName: z.string(),
    nickname: z.string(),
    /** What the account is called, where it has a name. */
    accountName: z.string(),
    expiresAt: Instant,
  }),
} as const satisfies RouteSpec

export const takeInvitation = {
  method: 'POST',
  path: `${base}/invitation/password`,
  auth: 'public',
  knowsSuspended: true,
  summary: 'Sets the password of who is invited, and uses the invitation up',
  params: InAccount,
  body: z.object({ token: InvitationToken, password: Password }),
  reply: z.object({ loginName: z.string() }),
} as const satisfies RouteSpec
