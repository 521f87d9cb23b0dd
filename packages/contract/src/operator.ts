import * as z from 'zod'
import { AccountId, LoginName, Password } from './accounts.ts'
import { RecurringWork } from './deliveries.ts'
import type { RouteSpec } from './route.ts'
import { Instant, StorableText } from './text.ts'

// What the operator of a server does with whole accounts. These routes exist only where the setting PARLEY_OPERATOR_KEY is set.

/** `suspended`: nothing works in it, nothing is lost. `ending`: it is being deleted, and does not come back. */
export const AccountState = z.enum(['active', 'suspended', 'ending'])
export type AccountState = z.infer<typeof AccountState>

/** An account, as the operator sees it. */
export const OperatedAccount = z.object({
  accountId: AccountId,
  name: z.string(),
  state: AccountState,
  createdAt: Instant,
  /** Since when it is suspended; absent while it is active. */
  suspendedAt: Instant.optional(),
})
export type OperatedAccount = z.infer<typeof OperatedAccount>

/** A new account with its first administrator. */
export const NewAccount = z.object({
  accountId: AccountId,
  /** What the operator calls it. */
  name: StorableText.trim().max(255).default(''),
  admin: z.object({
    loginName: LoginName,
    /** Generated when absent. */
    password: Password.optional(),
  }),
})

/** Something that the operator did. It outlives the account. */
export const OperatorEntry = z.object({
  entryId: z.int(),
  at: Instant,
  accountId: AccountId,
  /** Such as `account.created`. */
  action: z.string(),
  address: z.string().optional(),
  /** `operator-key:` and the beginning of the key's SHA-256. */
  via: z.string().optional(),
  details: z.record(z.string(), z.json()),
})
export type OperatorEntry = z.infer<typeof OperatorEntry>

/** How full is what has a bound, on the node that answers: a line of the table of bounds in docs/limits.md. */
export const BoundUse = z.object({
  /** What it holds. */
  holds: z.string(),
  limit: z.int(),
  /** Of `limit`, what one owner may have. */
  each: z.int().optional(),
  /** Such as `node` or `socket`. */
  per: z.string(),
  /** How many such structures there are now. */
  structures: z.int(),
  /** What the fullest of them holds now. */
  held: z.int(),
  /** How often something was too much since the node started: refused, forgotten or cut. */
  beyond: z.int(),
})
export type BoundUse = z.infer<typeof BoundUse>

/** A node on the database: all nodes see the same list. One that stops leaves it; one that is silent for long is taken off. */
export const ListedNode = z.object({
  nodeId: z.string(),
  /** How long ago it was seen, by the database's clock. */
  silentMs: z.int(),
  /** To the database, at most. */
  connections: z.int(),
})
export type ListedNode = z.infer<typeof ListedNode>

const AdminPassword = z.object({ user: LoginName, password: z.string() })

const limit = z.coerce.number().int().min(1).max(500).default(100)
const base = '/api/v1/operator'

export const makeAccount = {
  method: 'POST',
  path: `${base}/accounts`,
  auth: 'operator',
  summary: 'Makes an account with its first administrator, two skills and the sample function',
  body: NewAccount,
  /** The password is shown this once. */
  reply: OperatedAccount.extend({ admin: AdminPassword }),
  status: 201,
} as const satisfies RouteSpec

export const listAccounts = {
  method: 'GET',
  path: `${base}/accounts`,
  auth: 'operator',
  summary: 'Lists the accounts by their ids',
  /** `after`: the `next` of the page before. */
  query: z.object({ limit, after: AccountId.optional() }),
  reply: z.object({ accounts: z.array(OperatedAccount), next: AccountId.optional() }),
} as const satisfies RouteSpec

const OneAccount = z.object({ accountId: AccountId })

export const suspendAccount = {
  method: 'PUT',
  path: `${base}/accounts/:accountId/suspension`,
  auth: 'operator',
  summary: 'Suspends an account: nothing works in it, nothing is lost',
  params: OneAccount,
  body: z.object({
    /** Kept in the audit. */
    reason: StorableText.trim().max(1000).optional(),
  }),
  reply: OperatedAccount,
} as const satisfies RouteSpec

export const resumeAccount = {
  method: 'DELETE',
  path: `${base}/accounts/:accountId/suspension`,
  auth: 'operator',
  summary: 'Resumes a suspended account: what waited goes on',
  params: OneAccount,
  reply: OperatedAccount,
} as const satisfies RouteSpec

export const setAdminPassword = {
  method: 'PUT',
  path: `${base}/accounts/:accountId/admin-password`,
  auth: 'operator',
  summary:
    'Gives an administrator a new password and ends its sessions: the way back into an account whose administrators have lost theirs',
  params: OneAccount,
  body: z.object({
    /** Whose; may be absent where there is one enabled administrator. */
    loginName: LoginName.optional(),
    /** Generated when absent. */
    password: Password.optional(),
  }),
  /** The password is shown this once. */
  reply: z.object({ admin: AdminPassword }),
} as const satisfies RouteSpec

export const endAccount = {
  method: 'POST',
  path: `${base}/accounts/:accountId/end`,
  auth: 'operator',
  summary: 'Ends a suspended account for good: everything of it is deleted',
  params: OneAccount,
  /** `confirm`: the id of the account, once more. */
  body: z.object({ confirm: AccountId }),
  reply: OperatedAccount,
  status: 202,
} as const satisfies RouteSpec

export const exportAccount = {
  method: 'GET',
  path: `${base}/accounts/:accountId/export`,
  auth: 'operator',
  summary:
    'All rows of an account as JSON lines, as they were at one instant; no secrets, hashes and digests',
  params: OneAccount,
} as const satisfies RouteSpec

export const listOperatorEntries = {
  method: 'GET',
  path: `${base}/entries`,
  auth: 'operator',
  summary: 'Lists what the operator did, newest first; accounts that were ended included',
  /** `before`: the last `entryId` of the page before. */
  query: z.object({
    limit,
    before: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).optional(),
    accountId: AccountId.optional(),
  }),
  reply: z.object({ entries: z.array(OperatorEntry) }),
} as const satisfies RouteSpec

export const listBounds = {
  method: 'GET',
  path: `${base}/bounds`,
  auth: 'operator',
  summary: 'How full is what has a bound, on the node that answers',
  reply: z.object({ bounds: z.array(BoundUse) }),
} as const satisfies RouteSpec

export const listServerWork = {
  method: 'GET',
  path: `${base}/recurring-work`,
  auth: 'operator',
  summary: 'Work for all accounts that is due again and again, and what became of it last',
  /** `key`: the account that it is about, where it is about one. */
  reply: z.object({ recurring: z.array(RecurringWork.extend({ key: z.string() })) }),
} as const satisfies RouteSpec

export const listNodes = {
  method: 'GET',
  path: `${base}/nodes`,
  auth: 'operator',
  summary: 'Nodes that run on this database, and how many connections each may have to it',
  reply: z.object({ nodes: z.array(ListedNode) }),
} as const satisfies RouteSpec
