import type { SecretType } from '@parley/contract'
import { parseJson } from '#base/input'
import { ParleyError } from '#base/kernel'
import { isProvisioned, sizeOf } from './secrets.ts'

/** @throws `secret_provisioned`, `secret_too_large`: what a function may not make of a secret */
export function requireUpdatable(name: string, value: unknown, maxCharacters: number): void {
  if (isProvisioned(name)) {
    throw new ParleyError('secret_provisioned', `Secret "${name}" belongs to the platform`)
  }
  if (sizeOf(value) > maxCharacters) {
    const message = `Provided Secret Value exceeds allowed length of ${maxCharacters}`
    throw new ParleyError('secret_too_large', message)
  }
}

/** A secret keeps its type: text for a JSON secret is read as JSON where it is. A value that is no text makes it one. */
export function updatedEntry(
  type: SecretType,
  value: unknown,
): { type: SecretType; value: unknown } {
  if (typeof value !== 'string') return { type: 'json', value }
  return { type, value: type === 'json' ? jsonOr(value) : value }
}

function jsonOr(text: string): unknown {
  try {
    return parseJson(text, 'value')
  } catch {
    return text
  }
}
