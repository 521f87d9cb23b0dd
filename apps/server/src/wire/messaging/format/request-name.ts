/** Requests by one name each, however a client spells them. */
const KNOWN = new Set([
  'GetClock',
  'KeepAlive',
  'InitConnection',
  'StepUp',
  'cqm.SubscribeExConversations',
  'cqm.UnsubscribeExConversations',
  'ms.SubscribeMessagingEvents',
  'ms.QueryMessages',
  'ms.PublishEvent',
  'ms.GenerateURLForUploadFile',
  'ms.GenerateURLForDownloadFile',
  'cm.ConsumerRequestConversation',
  'cm.AgentRequestConversation',
  'cm.UpdateConversationField',
  'routing.SubscribeRoutingTasks',
  'routing.UpdateRoutingTaskSubscription',
  'routing.UpdateRingState',
  'routing.SetAgentState',
  'routing.SubscribeAgentsState',
  'userprofile.GetUserProfile',
  'userprofile.SetUserProfile',
])

const SAME: Record<string, string> = { aam: 'cqm', up: 'userprofile' }

/** `undefined` for a type that nobody knows. */
export function requestType(wireType: string): string | undefined {
  const short = wireType.replace(/^\.(ams\.)?/, '')
  const [group = '', ...rest] = short.split('.')
  const name = rest.length === 0 ? group : [SAME[group] ?? group, ...rest].join('.')
  return KNOWN.has(name) ? name : undefined
}
