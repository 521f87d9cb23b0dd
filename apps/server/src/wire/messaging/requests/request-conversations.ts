import { messaging } from '@parley/contract'
import type * as z from 'zod'
import { boundedList, boundedMap } from '#base/bounds'
import { ParleyError } from '#base/kernel'
import { type Answer, bareUserId, parseBody, type Request, sentence } from '#wire/messaging/format'
import {
  type ConsumerSession,
  type ConversationSubscription,
  HELD,
  listFilterOf,
  notifyFirstConversations,
  type Session,
  SHOWN_CONVERSATIONS,
} from '#wire/messaging/updates'
import type { Deps } from './deps.ts'
import type { AnswerTypes } from './operation.ts'

/** Of a socket. Consumers are strangers, and have few conversations. */
const MAX_SUBSCRIPTIONS = { agent: 100, consumer: 10 }
const SUBSCRIBED: AnswerTypes = {
  agent: '.ams.aam.SubscribeExConversations$Response',
  consumer: 'cqm.SubscribeExConversationsResponse',
}

export async function requestConversation(
  { conversations, countOpening }: Deps,
  { accountId, reader, authenticated, isRelayed, connectorId }: ConsumerSession,
  request: Request,
): Promise<Answer> {
  const body = parseBody(messaging.ConsumerRequestConversationBody, request.body)
  const { clientProperties: given, features, ...context } = body.conversationContext ?? {}
  const { clientIp } = reader
  // One connector has one address for all its consumers; its account vouches for it.
  if (!isRelayed && clientIp !== undefined) countOpening(clientIp)
  const said = { ...reader.clientProperties, ...given, ...(features && { features }) }
  const clientProperties = { ...said, ipAddress: said.ipAddress ?? clientIp }
  // Older clients say it here only: their later messages and changes carry it, too.
  reader.clientProperties = clientProperties
  const state = await conversations.openConversation(accountId, {
    consumerId: reader.userId,
    authenticated,
    skillId: body.skillId,
    ttrType: body.ttrDefName,
    campaignInfo: body.campaignInfo,
    ...(body.conversationContext && { context }),
    clientProperties,
    clientIp,
    connectorId,
  })
  return {
    type: 'cm.RequestConversationResponse',
    body: { conversationId: state.conversationId },
  }
}

/** Answers with a subscription. A notification with the conversations that match follows, and one for each change. */
export async function subscribeConversations(
  deps: Deps,
  session: Session,
  request: Request,
): Promise<Answer> {
  const body = parseBody(messaging.SubscribeConversationsBody, request.body)
  if (session.side === 'consumer') return subscribeNow(deps, session, body)
  return deps.lists.run(session.accountId, async () => {
    if (!session.connection.isOpen) throw new ParleyError('unavailable', 'The socket is closed')
    return subscribeNow(deps, session, body)
  })
}

async function subscribeNow(
  deps: Deps,
  session: Session,
  body: z.infer<typeof messaging.SubscribeConversationsBody>,
): Promise<Answer> {
  const { reading, ids, logger } = deps
  const subscriptions = (session.conversations ??= new Map())
  if (subscriptions.size >= MAX_SUBSCRIPTIONS[session.side]) {
    throw new ParleyError('rate_limited', 'The socket has too many subscriptions')
  }
  const subscription: ConversationSubscription = {
    subscriptionId: ids.uuid(),
    states: body.convState,
    stages: body.stage,
    agentIds: body.agentIds?.map((id) => bareUserId(session.accountId, id)),
    updatedSince: body.minLastUpdatedTime,
    shown: boundedMap(SHOWN_CONVERSATIONS),
    held: boundedList(HELD),
  }
  const { subscriptionId } = subscription
  subscriptions.set(subscriptionId, subscription)
  const found = await reading
    .readConversations(session.accountId, session.reader, listFilterOf(subscription))
    .catch((error: unknown) => {
      subscriptions.delete(subscriptionId)
      throw error
    })
  logger.trace({ subscriptionId, found: found.length }, 'Subscribed to conversations')
  return {
    type: SUBSCRIBED[session.side],
    body: { subscriptionId },
    afterwards: () => notifyFirstConversations(deps, session, subscription, found),
  }
}

export function unsubscribeConversations(_deps: Deps, session: Session, request: Request): Answer {
  const { subscriptionId } = parseBody(messaging.UnsubscribeBody, request.body)
  if (!session.conversations?.delete(subscriptionId)) {
    throw new ParleyError('not_found', `No subscription "${subscriptionId}"`)
  }
  return sentence('OK Unsubscribed successfully')
}
