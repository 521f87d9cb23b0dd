import * as z from 'zod'

/** One thing that a caller may be allowed to do. Routes name the one that they need. */
export const PERMISSIONS = [
  /** Name, event, skills, state and description. */
  'function:read',
  /** Sources, versions, deployments, and names of environment variables. */
  'function:source',
  /** Values of environment variables; who may write them reads them, too. */
  'function:environment',
  'function:write',
  'function:invoke',
  'allowlist:read',
  'allowlist:write',
  'secret:read',
  'secret:write',
  'schedule:read',
  'schedule:write',
  'report-settings:write',
  'report-recipient:write',
  'report:read',
  'log:read',
  'log:write',
  /** Records of invocations with their inputs and results. */
  'record:read',
  /** Runs invocations again from their recordings. */
  'record:replay',
  'account:read',
  'account:write',
  'user:impersonate',
  'audit:read',
  /** Conversations of the caller's skills, and those that it is in. */
  'conversation:read',
  /** Beside it: those of all skills. */
  'conversation:read-all',
  'conversation:handle',
  'conversation:manage',
  'delivery:manage',
] as const
/** One of `PERMISSIONS`. */
export type Permission = (typeof PERMISSIONS)[number]

/** What a user, key or application made by an earlier version may do beside its rights, until an administrator changes these. */
export const KeptPermissions = z.array(z.enum(PERMISSIONS))

/** The published bundles of permissions; a user has any number of them. */
export const PROFILES = ['FaaS-Admin', 'FaaS-Developer', 'FaaS-Invocation'] as const
/** One of `PROFILES`. */
export type Profile = (typeof PROFILES)[number]

/** What each profile allows (`spec/platform.md` 12). */
export const PROFILE_PERMISSIONS: Record<Profile, readonly Permission[]> = {
  'FaaS-Admin': [
    'function:read',
    'function:source',
    'allowlist:read',
    'allowlist:write',
    'secret:read',
    'secret:write',
    'schedule:read',
    'schedule:write',
    'report-settings:write',
    'report-recipient:write',
    'report:read',
    'log:read',
    'log:write',
    'record:read',
  ],
  'FaaS-Developer': [
    'function:read',
    'function:source',
    'function:environment',
    'function:write',
    'function:invoke',
    'allowlist:read',
    'secret:read',
    'schedule:read',
    'schedule:write',
    'report-recipient:write',
    'report:read',
    'log:read',
    'record:read',
    'record:replay',
  ],
  // Narrower than published: it reads no sources, logs and records.
  'FaaS-Invocation': ['function:read', 'function:invoke', 'schedule:read', 'report:read'],
}

/** Roles of users of an account. */
export const USER_ROLES = [
  'administrator',
  'agent-manager',
  'agent',
  'campaign-manager',
  'auditor',
] as const
/** One of `USER_ROLES`. */
export type UserRole = (typeof USER_ROLES)[number]

/** What a role may do by itself, whatever profiles its user has. */
export const ROLE_PERMISSIONS: Record<UserRole, readonly Permission[]> = {
  administrator: [
    'account:read',
    'account:write',
    'user:impersonate',
    'audit:read',
    'conversation:read',
    'conversation:read-all',
    'conversation:handle',
    'conversation:manage',
    'delivery:manage',
  ],
  'agent-manager': [
    'account:read',
    'conversation:read',
    'conversation:read-all',
    'conversation:handle',
    'conversation:manage',
  ],
  agent: ['account:read', 'conversation:read', 'conversation:handle'],
  'campaign-manager': ['account:read', 'conversation:read'],
  // Not published. Reads who did what, and what was done; changes and invokes nothing.
  auditor: [
    'account:read',
    'audit:read',
    'conversation:read',
    'conversation:read-all',
    'function:read',
    'allowlist:read',
    'secret:read',
    'schedule:read',
    'report:read',
    'log:read',
    'record:read',
  ],
}

/** The profiles that a user of a role may be given at all. */
export const PROFILES_OF_ROLE: Record<UserRole, readonly Profile[]> = {
  administrator: PROFILES,
  'agent-manager': PROFILES,
  agent: ['FaaS-Invocation'],
  'campaign-manager': [],
  auditor: [],
}

/** The profiles that a new user of a role has unless others are asked for. */
export const DEFAULT_PROFILES: Record<UserRole, readonly Profile[]> = {
  administrator: PROFILES,
  'agent-manager': [],
  agent: [],
  'campaign-manager': [],
  auditor: [],
}
