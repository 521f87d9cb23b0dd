import { type Permission, SCOPE_PERMISSIONS } from '@parley/contract'

export function permissionsOfScope(scope: string): readonly Permission[] {
  const permissions: Record<string, readonly Permission[]> = SCOPE_PERMISSIONS
  return permissions[scope] ?? []
}
