import type { ConversationState, StoredMessage } from '@parley/contract'
import type { BotCue, BotTurn } from '#bots/bot-agents'

/** The raw event as vendors get it, with the conversation around it (`spec/bots.md` 3.3). */
export function lpEventOf({ cue, conversation }: BotTurn): Record<string, unknown> {
  const conversationContext = conversationContextOf(conversation)
  const { conversationId } = conversation
  const message = newestOf(cue)
  if (message) return { ...rawMessage(message), conversationContext }
  const last = cue.kind === 'welcome' ? cue.last : undefined
  return {
    conversationId,
    dialogId: conversationId,
    ...(last && { lastConsumerMessage: rawMessage(last) }),
    conversationContext,
  }
}

function newestOf(cue: BotCue): StoredMessage | undefined {
  return cue.kind === 'messages' ? cue.messages.at(-1) : undefined
}

function rawMessage(message: StoredMessage): Record<string, unknown> {
  const { originator, clientProperties, metadata } = message
  return {
    sequence: message.sequence,
    originatorId: originator.pid,
    originatorMetadata: {
      id: originator.pid,
      role: originator.role,
      ...(clientProperties && { clientProperties }),
    },
    serverTimestamp: message.at,
    event: message.event,
    dialogId: message.dialogId,
    conversationId: message.conversationId,
    metadata: metadata ?? null,
    messageAudience: message.audience,
  }
}

function conversationContextOf({ skillId, campaignInfo, context }: ConversationState) {
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
    type: 'MESSAGING',
    ...(Object.keys(visitor).length > 0 && { visitor }),
  }
}
