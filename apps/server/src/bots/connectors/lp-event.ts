import type { BotConversation, BotTurn } from '#bots/bot-agents'

/** The raw event as vendors get it, with the conversation around it (`spec/bots.md` 3.3). */
export function lpEventOf({ cue, conversation }: BotTurn): Record<string, unknown> {
  const conversationContext = conversationContextOf(conversation)
  const message = cue.kind === 'messages' ? cue.messages.at(-1) : undefined
  if (message) return { ...message.raw, conversationContext }
  const last = cue.kind === 'welcome' ? cue.last : undefined
  return {
    ...conversation.raw,
    ...(last && { lastConsumerMessage: last.raw }),
    conversationContext,
  }
}

function conversationContextOf({ channel, skillId, campaignInfo, context }: BotConversation) {
  const { visitorId, sessionId, interactionContextId } = context ?? {}
  const visitor = {
    ...(visitorId !== undefined && { visitorId }),
    ...(sessionId !== undefined && { sessionId }),
    ...(interactionContextId !== undefined && { contextId: interactionContextId }),
  }
  return {
    skillId,
    ...(campaignInfo?.campaignId !== undefined && { campaignId: campaignInfo.campaignId }),
    ...(campaignInfo?.engagementId !== undefined && { engagementId: campaignInfo.engagementId }),
    type: channel.toUpperCase(),
    ...(Object.keys(visitor).length > 0 && { visitor }),
  }
}
