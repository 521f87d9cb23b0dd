import { DELEGATED_SCOPES, type Permission, type Scope, SCOPE_PERMISSIONS } from '@parley/contract'
import { type Principal, requireHeld } from '#base/http'
import { lacking } from '#base/kernel'

const FOR_CONSUMERS: Scope = 'msg.consumer'
const NARROWED: Scope = 'faas.lambda.invoke'

function permissionsOfScope(scope: string): readonly Permission[] {
  const permissions: Record<string, readonly Permission[]> = SCOPE_PERMISSIONS
  return permissions[scope] ?? []
}

/** What a user lets an application do by these scopes, as far as the user may do it. */
export function permissionsOfScopes(scopes: readonly string[]): Set<Permission> {
  return new Set(scopes.filter(isDelegated).flatMap(permissionsOfScope))
}

/** Whether a user may pass it on to an application. */
function isDelegated(scope: string): boolean {
  return DELEGATED_SCOPES.some((delegated) => delegated === scope)
}

/** What these scopes of an application permit. What it kept goes with the scope that it was narrowed in. */
export function permissionsOfClient(
  { keptPermissions }: { keptPermissions?: readonly Permission[] | undefined },
  scopes: readonly string[],
): Set<Permission> {
  const kept = scopes.includes(NARROWED) ? (keptPermissions ?? []) : []
  return new Set([...scopes.flatMap(permissionsOfScope), ...kept])
}

/** @throws ParleyError `forbidden` for a scope that permits what the caller may not do */
export function requireHeldScopes(principal: Principal, scopes: readonly string[]): void {
  requireHeld(principal, scopes.flatMap(permissionsOfScope))
  if (scopes.includes(FOR_CONSUMERS)) requireForConsumers(principal)
}

/** Only an application registers consumers: it vouches for them. @throws ParleyError `forbidden` */
export function requireRegistrar({ scopes }: Principal): void {
  if (scopes.has(FOR_CONSUMERS)) return
  throw lacking('scope', FOR_CONSUMERS)
}

/** An application acts for consumers by its scope, keys and users by their permission to manage conversations. */
export function requireForConsumers({ scopes, permissions }: Principal): void {
  if (scopes.has(FOR_CONSUMERS) || permissions.has('conversation:manage')) return
  throw lacking('scope', FOR_CONSUMERS)
}
