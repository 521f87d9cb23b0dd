import { messaging } from '@parley/contract'
import { ParleyError } from '#kernel'
import { type Answer, parseBody, type Request, said } from '#messaging-faces'
import type { Deps } from './deps.ts'
import type { Session } from './session.ts'

export async function getUserProfile(
  { conversations }: Deps,
  { accountId, face, reader }: Session,
  request: Request,
): Promise<Answer> {
  const isOwn = request.body === undefined && face === 'consumer'
  const consumerId = isOwn ? reader.userId : parseBody(messaging.GetUserProfileBody, request.body)
  if (face === 'consumer' && consumerId !== reader.userId) {
    throw new ParleyError('forbidden', 'A consumer may read only its own profile')
  }
  return {
    type:
      face === 'agent'
        ? '.ams.userprofile.GetUserProfile$Response'
        : 'userprofile.GetUserProfileResponse',
    body: await conversations.findProfile(accountId, consumerId),
  }
}

export async function setUserProfile(
  { conversations }: Deps,
  { accountId, face, reader }: Session,
  request: Request,
): Promise<Answer> {
  if (face !== 'consumer') {
    throw new ParleyError('forbidden', 'Only a consumer may set its profile')
  }
  const change = parseBody(messaging.SetUserProfileBody, request.body)
  await conversations.updateProfile(accountId, reader.userId, change)
  return said('OK Profile updated successfully')
}
