import {
  type Permission,
  PERMISSIONS,
  type Profile,
  PROFILE_PERMISSIONS,
  ROLE_PERMISSIONS,
  type UserRole,
} from '@parley/contract'
import { peopleWords as t } from './words.ts'

interface Props {
  role: UserRole
  profiles: readonly Profile[]
  /** What a user of an earlier version may do beside it. */
  kept: readonly Permission[]
}

/** What a role and its bundles allow together, one line each. */
export function RightsOf({ role, profiles, kept }: Props) {
  const held = new Set<Permission>([
    ...ROLE_PERMISSIONS[role],
    ...profiles.flatMap((profile) => PROFILE_PERMISSIONS[profile]),
    ...kept,
  ])
  return (
    <details>
      <summary>{t.mayDo(held.size)}</summary>
      <ul className="rights">
        {PERMISSIONS.filter((right) => held.has(right)).map((right) => (
          <li key={right}>{t.rights[right]}</li>
        ))}
      </ul>
    </details>
  )
}
