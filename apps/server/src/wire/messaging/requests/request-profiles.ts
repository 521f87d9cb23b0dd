import { type ConsumerProfile, messaging } from '@parley/contract'
import { ParleyError } from '#base/kernel'
import { type Answer, parseBody, type Request, said } from '#wire/messaging/format'
import type { Deps } from './deps.ts'
import type { Session } from '#wire/messaging/updates'

export async function getUserProfile(
  deps: Deps,
  { accountId, side, reader }: Session,
  request: Request,
): Promise<Answer> {
  const own = () => deps.people.findProfile(accountId, reader.userId)
  const isOwn = request.body === undefined && side === 'consumer'
  const consumerId = isOwn ? reader.userId : parseBody(messaging.GetUserProfileBody, request.body)
  if (side === 'consumer' && consumerId !== reader.userId) {
    throw new ParleyError('forbidden', 'A consumer may read only its own profile')
  }
  return {
    type:
      side === 'agent'
        ? '.ams.userprofile.GetUserProfile$Response'
        : 'userprofile.GetUserProfileResponse',
    body: side === 'agent' ? await withVisit(deps, accountId, consumerId) : await own(),
  }
}

/** Agents see the attributes of the visit, too: those that functions and pages set. */
async function withVisit(
  { people }: Pick<Deps, 'people'>,
  accountId: string,
  consumerId: string,
): Promise<ConsumerProfile> {
  const profile = await people.findProfile(accountId, consumerId)
  const visitorId = await people.findVisitorOf(accountId, consumerId)
  const attributes = await people.listVisitorAttributes(accountId, visitorId)
  if (attributes.length === 0) return profile
  const said = profile.authenticatedData?.lp_sdes ?? []
  const set = attributes.map(({ sde }) => sde)
  return {
    ...profile,
    authenticatedData: { ...profile.authenticatedData, lp_sdes: [...said, ...set] },
  }
}

export async function setUserProfile(
  { people }: Deps,
  { accountId, side, reader }: Session,
  request: Request,
): Promise<Answer> {
  if (side !== 'consumer') {
    throw new ParleyError('forbidden', 'Only a consumer may set its profile')
  }
  const change = parseBody(messaging.SetUserProfileBody, request.body)
  await people.updateProfile(accountId, reader.userId, change)
  return said('OK Profile updated successfully')
}
