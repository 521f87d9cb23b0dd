import type { ConsumerProfile } from '@parley/contract'
import type { Ask } from '../files/transfer.ts'

const MAX_PROFILES = 500

/** Reads who a consumer is, once for each that is kept; one that could not be read is read again. */
export function openProfiles(ask: Ask) {
  const profiles = new Map<string, Promise<ConsumerProfile>>()
  return (consumerId: string): Promise<ConsumerProfile> => {
    const known = profiles.get(consumerId)
    if (known) return known
    const read = ask<ConsumerProfile>('.ams.userprofile.GetUserProfile', consumerId)
    profiles.set(consumerId, read)
    const [oldest] = profiles.keys()
    if (profiles.size > MAX_PROFILES && oldest !== undefined) profiles.delete(oldest)
    read.catch(() => profiles.delete(consumerId))
    return read
  }
}
