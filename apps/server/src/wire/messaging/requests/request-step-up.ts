import { messaging } from '@parley/contract'
import { invalid, ParleyError } from '#base/kernel'
import { type Answer, parseBody, type Request, sentence } from '#wire/messaging/format'
import type { ConsumerSession } from '#wire/messaging/updates'
import type { Deps } from './deps.ts'

/** Gives an authenticated consumer the conversation that it opened anonymously. */
export async function stepUp(
  { credentials, conversations }: Deps,
  { accountId, authenticated, reader }: ConsumerSession,
  request: Request,
): Promise<Answer> {
  const { jwt } = parseBody(messaging.StepUpBody, request.body)
  if (!authenticated)
    throw new ParleyError('forbidden', 'Only an authenticated consumer may step up')
  const former = await credentials.consumerTokens.verify(accountId, jwt)
  // An application vouches for the consumers that it has registered: their conversations are theirs.
  if (former.authenticated || former.origin.clientId !== undefined) {
    throw invalid('body.jwt', 'must be the token of an anonymous consumer')
  }
  const state = await conversations.stepUpConsumer(accountId, former.consumerId, reader)
  return state
    ? { type: 'StepUpResponse', body: { conversationId: state.conversationId } }
    : sentence('OK No open conversation to step up')
}
