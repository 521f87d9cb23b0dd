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

/** The section that every messaging event carries. A field without a source in this conversation is absent. */
export function generalSection(
  accountId: string,
  type: CbotEventType,
  facts: ChangeFacts,
): GeneralSection {
  const { conversation: state, originator } = facts
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
    ...twice('contexttype', 'contextType', state.context?.type),
    messagingChannel: state.context?.type,
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
    ...twice('clientIpAdress', 'clientIpAddress', facts.clientIp ?? state.clientIp),
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
  return present({
    ...twice('id', 'campaignId', numericOrAbsent(given.campaignId)),
    ...twice('engangementId', 'engagementId', numericOrAbsent(given.engagementId)),
  })
}

function numericOrAbsent(value: string | number | undefined): string | number | undefined {
  return typeof value === 'string' ? numeric(value) : value
}

/** A field that is published under two spellings: `General` of the contract names them. */
function twice<One extends string, Other extends string, Value>(
  one: One,
  other: Other,
  value: Value,
): Record<One | Other, Value> {
  return { [one]: value, [other]: value } as Record<One | Other, Value>
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
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Present<Fields>
}
