import { expect, test } from 'vitest'
import {
  DEFAULT_PROFILES,
  type Permission,
  type Profile,
  PROFILE_PERMISSIONS,
  PROFILES_OF_ROLE,
} from './permissions.ts'

/** Narrower than published: invocation reads no sources, logs and records. */
const PUBLISHED: Record<
  string,
  [permissions: Permission[], admin: string, developer: string, invocation: string]
> = {
  'functions, read': [['function:read'], 'x', 'x', 'x'],
  'functions, write and deploy': [['function:write'], '-', 'x', '-'],
  'functions, invoke': [['function:invoke'], '-', 'x', 'x'],
  'allowlist, write': [['allowlist:write'], 'x', '-', '-'],
  'allowlist, read': [['allowlist:read'], 'x', 'x', '-'],
  'secrets, write': [['secret:write'], 'x', '-', '-'],
  'secrets, read': [['secret:read'], 'x', 'x', '-'],
  'schedules, read': [['schedule:read'], 'x', 'x', 'x'],
  'schedules, write': [['schedule:write'], 'x', 'x', '-'],
  'report settings, write': [['report-settings:write'], 'x', '-', '-'],
  'report recipients, write': [['report-recipient:write'], 'x', 'x', '-'],
  'reports, read': [['report:read'], 'x', 'x', 'x'],
  'sources, logs and records, read': [
    ['function:source', 'log:read', 'record:read'],
    'x',
    'x',
    '-',
  ],
  'logs, write': [['log:write'], 'x', '-', '-'],
}

test.each(Object.entries(PUBLISHED))(
  '%s are permitted as published',
  (_what, [permissions, ...marks]) => {
    const profiles: Profile[] = ['FaaS-Admin', 'FaaS-Developer', 'FaaS-Invocation']

    for (const permission of permissions) {
      const found = profiles.map((profile) =>
        PROFILE_PERMISSIONS[profile].includes(permission) ? 'x' : '-',
      )
      expect(found).toEqual(marks)
    }
  },
)

test('an administrator has every profile, an agent may be given invocation only', () => {
  expect(DEFAULT_PROFILES.administrator).toHaveLength(3)
  expect(DEFAULT_PROFILES.agent).toEqual([])
  expect(PROFILES_OF_ROLE.agent).toEqual(['FaaS-Invocation'])
  expect(PROFILES_OF_ROLE['campaign-manager']).toEqual([])
})
