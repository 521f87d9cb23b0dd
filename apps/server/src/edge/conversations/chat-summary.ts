import type { ConversationSummary } from '@parley/contract'
import type { ChatPage } from '#chat/history'
import { instant } from './shapes.ts'

/** A live chat in the list of conversations, as far as it has the same. */
export function summaryOfChat(
  { state, lastLine }: ChatPage['chats'][number],
  runs: ConversationSummary['runs'],
): ConversationSummary {
  const { chatId, consumer, context, stage, agent, agents } = state
  const { startedAt, acceptedAt = 0, lastLineAt = 0, endedAt, endedBy, waitingSince } = state
  const openness = stage === 'ended' ? 'CLOSE' : 'OPEN'
  const { silenceTimerAt, survey } = state
  const updatedAt = Math.max(
    startedAt,
    acceptedAt,
    lastLineAt,
    endedAt ?? 0,
    survey?.submitted?.at ?? 0,
  )
  return {
    channel: 'chat',
    conversationId: chatId,
    consumerId: context?.visitorId ?? '',
    consumerName: consumer.name,
    authenticated: false,
    state: openness,
    stage: openness,
    skillId: state.skillId,
    ...(agent && { assignedAgentId: agent.agentId }),
    startedAt: instant(startedAt),
    updatedAt: instant(updatedAt),
    ...(endedAt !== undefined && { endedAt: instant(endedAt) }),
    ...(endedBy && { closedBy: endedBy }),
    ...(waitingSince !== undefined && { waitingSince: instant(waitingSince) }),
    ...(lastLine && { lastMessage: messageOf(lastLine) }),
    timers:
      silenceTimerAt === undefined ? [] : [{ name: 'chat-silence', at: instant(silenceTimerAt) }],
    ...(runs && { runs }),
  }

  function messageOf({ at, by, name, sequence, text }: NonNullable<typeof lastLine>) {
    const isConsumer = by === 'CONSUMER'
    const writer = agents.find((one) => one.name === name)?.agentId ?? name
    return {
      at,
      by: isConsumer
        ? { id: context?.visitorId ?? '', role: 'CONSUMER' as const }
        : { id: writer, role: 'ASSIGNED_AGENT' as const },
      dialogId: chatId,
      sequence,
      event: { type: 'ContentEvent', contentType: 'text/plain', message: text },
    }
  }
}
