import {
  type ChangeFacts,
  clientFeaturesOf,
  type ClientProperties,
  type ConversationState,
} from '@parley/contract'
import {
  type CbotEventType,
  type GeneralSection,
  numeric,
  originatorIdOf,
  sentClientProperties,
} from '@parley/contract/events'

/**
 * The section that every messaging event carries. A field without a source in this conversation is absent. Some are published under two
 * spellings: `General` of the contract names them.
 */
export function generalSection(
  accountId: string,
  type: CbotEventType,
  facts: ChangeFacts,
): GeneralSection {
  const { conversation: state, originator } = facts
  const contextType = state.context?.type
  const clientIpAddress = facts.clientIp ?? state.clientIp
  return present({
    cbotEventType: type,
    type: 'UPSERT' as const,
    convId: state.conversationId,
    dialogId: state.conversationId,
    sessionId: numericOrAbsent(state.context?.sessionId),
    startTs: state.startedAt,
    effectiveTTR: state.effectiveTtr,
    oldConvState: facts.oldState,
    newConvState: state.state,
    contexttype: contextType,
    contextType,
    messagingChannel: contextType,
    campaignInfo: campaignInfo(state),
    clientLanguage: state.context?.lang,
    clientFeatures: clientFeaturesOf(state),
    inOffHours: facts.offHours,
    visitorId: numericOrAbsent(state.context?.visitorId),
    originatorId: originatorIdOf(accountId, originator),
    originatorPid: originator.pid,
    originatorMetadata: present({
      id: originator.pid,
      role: originator.role,
      clientProperties: sentClientProperties(clientPropertiesOf(facts)),
    }),
    serverTimestamp: facts.at,
    clientIpAdress: clientIpAddress,
    clientIpAddress,
    manualETTR: state.manualEttr === undefined ? undefined : String(state.manualEttr),
    lastMessageComposer: state.lastContent?.originator.role,
    lastMessageTs: state.lastContent?.at,
    lastAgentMsgTs: state.lastAgentMessageAt,
    backToQueueTs: state.backToQueueAt,
  })
}

/** Where a consumer's own client is not known, what it opened the conversation with counts. */
function clientPropertiesOf({
  originator,
  clientProperties,
  conversation,
}: ChangeFacts): ClientProperties | undefined {
  return originator.role === 'CONSUMER'
    ? (clientProperties ?? conversation.clientProperties)
    : clientProperties
}

function campaignInfo({ campaignInfo: given }: ConversationState): GeneralSection['campaignInfo'] {
  if (given === undefined) return undefined
  const campaignId = numericOrAbsent(given.campaignId)
  const engagementId = numericOrAbsent(given.engagementId)
  return present({ id: campaignId, campaignId, engangementId: engagementId, engagementId })
}

function numericOrAbsent(value: string | number | undefined): string | number | undefined {
  return typeof value === 'string' ? numeric(value) : value
}

type Present<Fields> = {
  [Name in keyof Fields as undefined extends Fields[Name] ? never : Name]: Fields[Name]
} & {
  [Name in keyof Fields as undefined extends Fields[Name] ? Name : never]?: Exclude<
    Fields[Name],
    undefined
  >
}

function present<Fields extends object>(fields: Fields): Present<Fields> {
  const given = {} as Fields
  for (const name of Object.keys(fields) as (keyof Fields)[]) {
    if (fields[name] !== undefined) given[name] = fields[name]
  }
  return given as unknown as Present<Fields>
}
