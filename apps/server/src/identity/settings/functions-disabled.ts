import { ParleyError } from '#base/kernel'

/** Why nothing runs in an account whose `functionsEnabled` is off. */
export function functionsDisabled(accountId: string): ParleyError {
  return new ParleyError('functions_disabled', `Functions are switched off for ${accountId}`)
}
