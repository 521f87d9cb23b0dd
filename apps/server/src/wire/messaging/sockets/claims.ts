import * as z from 'zod'
import { parsePublished } from '#base/input'
import { messageOf } from '#base/kernel'
import type { ConsumerSession } from '#wire/messaging/updates'
import type { Deps } from './deps.ts'

/** A claim of another type counts as not said: it takes nothing from the others. */
const Text = z.string().optional().catch(undefined)

const Claims = z.object({
  iss: z.string(),
  given_name: Text,
  family_name: Text,
  email: Text,
  phone_number: Text,
  acr: Text,
  lp_sdes: z.array(z.looseObject({})).optional().catch(undefined),
})

/**
 * Stores what the issuer says about an authenticated consumer in its profile, where agents see it; `undefined` where it says nothing.
 * A failure ends in the log: the consumer goes on without.
 */
export function storeClaims(
  { people, logger }: Pick<Deps, 'people' | 'logger'>,
  { accountId, reader, claims }: ConsumerSession,
): Promise<void> | undefined {
  const parsed = parsePublished(Claims, claims, { lists: true }).data
  if (!parsed) return undefined
  const { iss, given_name, family_name, email, phone_number, acr, lp_sdes } = parsed
  return people
    .updateProfile(accountId, reader.userId, {
      ...(given_name !== undefined && { firstName: given_name }),
      ...(family_name !== undefined && { lastName: family_name }),
      privateData: {
        ...(email !== undefined && { email }),
        ...(phone_number !== undefined && { mobileNum: phone_number }),
      },
      claims: { iss, ...(lp_sdes && { lp_sdes }) },
      ...(acr !== undefined && { acr }),
    })
    .catch((error: unknown) => {
      logger.warn({ err: error, accountId }, `Profile not kept: ${messageOf(error)}`)
    })
}
