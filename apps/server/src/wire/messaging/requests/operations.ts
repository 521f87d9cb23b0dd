import { changing, type Operation, ofAgents, ofBoth, ofConsumers } from './operation.ts'
import { setAgentState, subscribeAgentsState } from './request-agent-states.ts'
import { getClock, initConnection, keepAlive } from './request-connection.ts'
import { updateConversationField } from './request-conversation-update.ts'
import {
  requestConversation,
  subscribeConversations,
  unsubscribeConversations,
} from './request-conversations.ts'
import { downloadUrl, uploadUrl } from './request-files.ts'
import { queryMessages, subscribeMessages } from './request-messages.ts'
import { getUserProfile, setUserProfile } from './request-profiles.ts'
import { publishEvent } from './request-publish.ts'
import { subscribeRoutingTasks, updateRingState } from './request-rings.ts'
import { stepUp } from './request-step-up.ts'

/** Published requests that this server refuses. */
const NOT_SUPPORTED: Operation = {}

/**
 * Every published request by its name. A new one is a function in a file of its own, and a line here: the compiler refuses
 * a function that needs the session of another side.
 */
const OPERATIONS: Record<string, Operation> = {
  GetClock: ofBoth(getClock),
  KeepAlive: ofBoth(keepAlive),
  InitConnection: ofConsumers(initConnection),
  StepUp: ofConsumers(stepUp),
  'cqm.SubscribeExConversations': ofBoth(subscribeConversations),
  'cqm.UnsubscribeExConversations': ofBoth(unsubscribeConversations),
  'ms.SubscribeMessagingEvents': ofBoth(subscribeMessages),
  'ms.QueryMessages': ofBoth(queryMessages),
  'ms.PublishEvent': changing(ofBoth(publishEvent)),
  'ms.GenerateURLForUploadFile': changing(ofBoth(uploadUrl)),
  'ms.GenerateURLForDownloadFile': ofBoth(downloadUrl),
  'cm.ConsumerRequestConversation': ofConsumers(requestConversation),
  'cm.AgentRequestConversation': NOT_SUPPORTED,
  'cm.UpdateConversationField': changing(ofBoth(updateConversationField)),
  'routing.SubscribeRoutingTasks': ofAgents(subscribeRoutingTasks),
  'routing.UpdateRoutingTaskSubscription': NOT_SUPPORTED,
  'routing.UpdateRingState': changing(ofAgents(updateRingState)),
  'routing.SetAgentState': changing(ofAgents(setAgentState)),
  'routing.SubscribeAgentsState': ofAgents(subscribeAgentsState),
  'userprofile.GetUserProfile': ofBoth(getUserProfile),
  'userprofile.SetUserProfile': ofConsumers(setUserProfile),
}

/** For tests that send every request. */
export const OPERATION_NAMES: readonly string[] = Object.keys(OPERATIONS)

export function findOperation(name: string): Operation | undefined {
  return Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined
}
