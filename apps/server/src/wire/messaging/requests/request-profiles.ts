import { isDeepStrictEqual } from 'node:util'
import { type ConsumerProfile, messaging } from '@parley/contract'
import { ParleyError } from '#base/kernel'
import { type Answer, parseBody, type Request, sentence } from '#wire/messaging/format'
import type { ConsumerSession, Session } from '#wire/messaging/updates'
import type { Deps } from './deps.ts'
import type { AnswerTypes } from './operation.ts'

const PROFILE: AnswerTypes = {
  agent: '.ams.userprofile.GetUserProfile$Response',
  consumer: 'userprofile.GetUserProfileResponse',
}

export async function getUserProfile(
  deps: Deps,
  { accountId, side, reader }: Session,
  request: Request,
): Promise<Answer> {
  const own = () => deps.people.findProfile(accountId, reader.userId)
  const isOwn = side === 'consumer' && isDeepStrictEqual(request.body ?? {}, {})
  const consumerId = isOwn ? reader.userId : parseBody(messaging.GetUserProfileBody, request.body)
  if (side === 'consumer' && consumerId !== reader.userId) {
    throw new ParleyError('forbidden', 'A consumer may read only its own profile')
  }
  if (side === 'agent') await deps.reading.requireConsumer(accountId, reader, consumerId)
  return {
    type: PROFILE[side],
    body: side === 'agent' ? await withVisit(deps, accountId, consumerId) : await own(),
  }
}

/** The profile as agents see it: with the attributes that functions and pages have set for the visit, and the mail under its other name. */
async function withVisit(
  { people }: Pick<Deps, 'people'>,
  accountId: string,
  consumerId: string,
): Promise<ConsumerProfile> {
  const profile = withEmail(await people.findProfile(accountId, consumerId))
  const visitorId = await people.findVisitorOf(accountId, consumerId)
  const attributes = await people.listVisitorAttributes(accountId, visitorId)
  if (attributes.length === 0) return profile
  const ownAttributes = profile.authenticatedData?.lp_sdes ?? []
  const ofVisit = attributes.map(({ sde }) => sde)
  return {
    ...profile,
    authenticatedData: { ...profile.authenticatedData, lp_sdes: [...ownAttributes, ...ofVisit] },
  }
}

/** Consumers set `mail`, agents read `email`: what the issuer says counts first. */
function withEmail({ privateData, ...profile }: ConsumerProfile): ConsumerProfile {
  const email = privateData?.email ?? privateData?.mail
  return { ...profile, ...(privateData && { privateData: { ...privateData, email } }) }
}

export async function setUserProfile(
  { people }: Deps,
  { accountId, reader }: ConsumerSession,
  request: Request,
): Promise<Answer> {
  const change = parseBody(messaging.SetUserProfileBody, request.body)
  await people.updateProfile(accountId, reader.userId, change)
  return sentence('OK Profile updated successfully')
}
