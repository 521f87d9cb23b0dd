import type { AccountLimits, FunctionChange, KeyValue } from '@parley/contract'
import { findEvent } from '@parley/contract/events'
import { invalid, ParleyError } from '#base/kernel'
import type { FunctionRow } from './repository.ts'

/** Names of variables that the platform sets. */
const RESERVED_NAMES = new Set([
  'BRAND_ID',
  'LAMBDA_UUID',
  'DOMAIN',
  'DC',
  'HTTPS_PROXY',
  'HTTP_PROXY',
  'NO_PROXY',
  'VAULT_K8S_MOUNT',
  'VAULT_DOMAIN',
  'VAULT_SERVICE_ENV',
  'VAULT_LAMBDA_ROLE',
  'WATCHDOG_VERSION',
  'NODE_ENV',
  'CONTEXT_SERVICE_ENVIRONMENT',
])

/** What its caller has seen must be the newest version still. */
export function requireNewest(seen: number, newest: number): void {
  if (seen === newest) return
  throw new ParleyError(
    'function_changed_meanwhile',
    `version: ${seen} was changed meanwhile, the newest is ${newest}`,
  )
}

/** Checks skills and environment against the account's limits. */
export function checkDraftConfig(
  draft: Pick<FunctionChange, 'skills' | 'environment'>,
  eventId: string | undefined,
  limits: AccountLimits,
): void {
  if (draft.skills) checkSkills(draft.skills, eventId, limits)
  if (draft.environment) checkEnvironment(draft.environment, limits)
}

function checkSkills(
  skills: readonly string[],
  eventId: string | undefined,
  limits: AccountLimits,
): void {
  if (skills.length === 0) return
  if (!eventId || !findEvent(eventId)?.supportsSkills) {
    throw invalid('body.skills', 'are only for functions of an event that supports skills')
  }
  if (skills.length > limits.skillsPerFunction) {
    throw invalid('body.skills', `must be at most ${limits.skillsPerFunction}`)
  }
}

/** Skills that a draft names. A function for those alone that the account does not have would never be invoked. */
export function namedSkills(skills: readonly string[]): { path: string; skillId: string }[] {
  return skills.map((skillId, index) => ({ path: `body.skills.${index}`, skillId }))
}

/** @throws ParleyError for names and values that the server takes from no function; local runs ask this, too */
export function checkEnvironment(environment: readonly KeyValue[], limits: AccountLimits): void {
  if (environment.length > limits.environmentVariables) {
    throw invalid('body.environment', `must have at most ${limits.environmentVariables} variables`)
  }
  const seen = new Set<string>()
  for (const [index, { key, value }] of environment.entries()) {
    const path = `body.environment.${index}`
    if (key === '' || /[=\0]/.test(key)) throw invalid(`${path}.key`, 'must be a name without =')
    if (RESERVED_NAMES.has(key.toUpperCase())) {
      throw new ParleyError(
        'environment_name_reserved',
        `Variable name is reserved and thereby blocked for use: "${key}"`,
        { details: [{ path: `${path}.key`, message: 'is reserved' }] },
      )
    }
    if (seen.has(key)) throw invalid(`${path}.key`, `"${key}" appears twice`)
    seen.add(key)
    if (key.length > limits.environmentNameCharacters) {
      throw invalid(
        `${path}.key`,
        `must have at most ${limits.environmentNameCharacters} characters`,
      )
    }
    if (value.length > limits.environmentValueCharacters) {
      throw invalid(
        `${path}.value`,
        `must have at most ${limits.environmentValueCharacters} characters`,
      )
    }
  }
}

/** @throws ParleyError `function_identity_fixed`: a function keeps its event, and the template that it was made from */
export function requireFixedMembers({ name, eventId }: FunctionRow, change: FunctionChange): void {
  const isOtherEvent = change.eventId !== undefined && (change.eventId ?? null) !== eventId
  const path = isOtherEvent ? 'eventId' : change.template !== undefined ? 'template' : undefined
  if (path === undefined) return
  const message = 'cannot be changed after the creation: create another function'
  throw new ParleyError('function_identity_fixed', `${path} of "${name}" ${message}`, {
    details: [{ path: `body.${path}`, message }],
  })
}

export function nameTaken(name: string, cause?: unknown): ParleyError {
  return new ParleyError('function_name_taken', `name: there is a function "${name}"`, {
    details: [{ path: 'body.name', message: 'is taken' }],
    cause,
  })
}
