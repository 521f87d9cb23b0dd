import { ParleyError } from '#base/kernel'
import type { FunctionsDeps } from './deps.ts'

/** Refuses skills that the account does not have: a function for them alone would never be invoked. */
export async function requireSkills(
  { accounts }: Pick<FunctionsDeps, 'accounts'>,
  accountId: string,
  skills: readonly string[],
): Promise<void> {
  for (const [index, skillId] of skills.entries()) {
    if (await accounts.skills.find(accountId, skillId)) continue
    const message = `No skill "${skillId}"`
    throw new ParleyError('invalid_request', `skills: ${message}`, {
      details: [{ path: `body.skills.${index}`, message }],
    })
  }
}
