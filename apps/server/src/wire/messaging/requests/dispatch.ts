import { messageOf, ParleyError } from '#base/kernel'
import { type Answer, type Request, requestType, said, type Side } from '#wire/messaging/format'
import type { Deps } from './deps.ts'
import {
  requestConversation,
  subscribeConversations,
  unsubscribeConversations,
} from './request-conversations.ts'
import { downloadUrl, uploadUrl } from './request-files.ts'
import { queryMessages, subscribeMessages } from './request-messages.ts'
import { getUserProfile, setUserProfile } from './request-profiles.ts'
import { publishEvent } from './request-publish.ts'
import {
  setAgentState,
  subscribeAgentsState,
  subscribeRoutingTasks,
  updateRingState,
} from './request-routing.ts'
import { stepUp } from './request-step-up.ts'
import { updateConversationField } from './request-update.ts'
import type { Session } from '#wire/messaging/updates'

type Handler = (deps: Deps, session: Session, request: Request) => Answer | Promise<Answer>

const BOTH: Record<string, Handler> = {
  GetClock: ({ clock }) => ({ type: '.GetClock$Response', body: { currentTime: clock.now() } }),
  KeepAlive: () => said('OK'),
  'cqm.SubscribeExConversations': subscribeConversations,
  'cqm.UnsubscribeExConversations': unsubscribeConversations,
  'ms.SubscribeMessagingEvents': subscribeMessages,
  'ms.QueryMessages': queryMessages,
  'ms.PublishEvent': publishEvent,
  'ms.GenerateURLForUploadFile': uploadUrl,
  'ms.GenerateURLForDownloadFile': downloadUrl,
  'cm.UpdateConversationField': updateConversationField,
  'userprofile.GetUserProfile': getUserProfile,
}

const OF_SIDE: Record<Side, Record<string, Handler>> = {
  agent: {
    ...BOTH,
    'routing.SubscribeRoutingTasks': subscribeRoutingTasks,
    'routing.UpdateRingState': updateRingState,
    'routing.SetAgentState': setAgentState,
    'routing.SubscribeAgentsState': subscribeAgentsState,
  },
  consumer: {
    ...BOTH,
    'cm.ConsumerRequestConversation': requestConversation,
    'userprofile.SetUserProfile': setUserProfile,
    InitConnection: () => said('OK Connection initialised already'),
    StepUp: stepUp,
  },
}

/** Answers one request; whatever goes wrong is an answer, too. */
export async function answerRequest(
  deps: Deps,
  session: Session,
  request: Request,
): Promise<Answer> {
  try {
    return await handlerOf(session, request.type)(deps, session, request)
  } catch (error) {
    return failed(deps, session, request, error)
  }
}

function handlerOf({ side }: Session, wireType: string): Handler {
  const type = requestType(wireType)
  if (type === undefined) {
    throw new ParleyError('invalid_request', `Unknown request type "${wireType}"`)
  }
  const handler = OF_SIDE[side][type]
  if (handler) return handler
  const other = OF_SIDE[side === 'agent' ? 'consumer' : 'agent'][type]
  throw new ParleyError(
    other ? 'forbidden' : 'not_supported',
    `"${wireType}" is not supported ${other ? 'on this face' : 'by this server'}`,
  )
}

function failed(
  { logger }: Pick<Deps, 'logger'>,
  { accountId }: Session,
  { type }: Request,
  error: unknown,
): Answer {
  if (error instanceof ParleyError) {
    return { code: error.status, type: 'StringResponse', body: error.message }
  }
  logger.error({ err: error, accountId, type }, `Request failed: ${messageOf(error)}`)
  return { code: 500, type: 'StringResponse', body: 'Internal error' }
}
