import type {
  ConversationState,
  ConversationSummary,
  StoredMessage,
  TimelineEntry,
  WholeConversation,
} from '@parley/contract'

/** An instant as the native API writes it. */
export function instant(at: number): string {
  return new Date(at).toISOString()
}

export function summaryOf(
  state: ConversationState,
  runs: ConversationSummary['runs'],
  consumerName: string | undefined,
): ConversationSummary {
  const { endedAt, waitingSince, assignedAgentId, closedBy, lastContent } = state
  return {
    channel: 'messaging',
    conversationId: state.conversationId,
    consumerId: state.consumerId,
    ...(consumerName !== undefined && { consumerName }),
    authenticated: state.authenticated,
    state: state.state,
    stage: state.stage,
    skillId: state.skillId,
    ...(assignedAgentId !== undefined && { assignedAgentId }),
    startedAt: instant(state.startedAt),
    updatedAt: instant(state.updatedAt),
    ...(endedAt !== undefined && { endedAt: instant(endedAt) }),
    ...(closedBy && { closedBy }),
    ...(waitingSince !== undefined && { waitingSince: instant(waitingSince) }),
    ...(lastContent && {
      lastMessage: {
        at: instant(lastContent.at),
        by: writerOf(lastContent),
        dialogId: lastContent.dialogId,
        sequence: lastContent.sequence,
        event: lastContent.event,
      },
    }),
    timers: Object.entries(state.timers)
      .map(([name, at]) => ({ name, at: instant(at) }))
      .toSorted((a, b) => a.at.localeCompare(b.at)),
    ...(runs && { runs }),
  }
}

export function wholeOf(
  state: ConversationState,
  runs: ConversationSummary['runs'],
  consumerName: string | undefined,
): WholeConversation {
  const { context, clientProperties, campaignInfo, csat } = state
  return {
    ...summaryOf(state, runs, consumerName),
    dialogs: state.dialogs.map(({ openedAt, closedAt, closedBy, closedCause, ...dialog }) => ({
      dialogId: dialog.dialogId,
      type: dialog.type,
      state: dialog.state,
      openedAt: instant(openedAt),
      ...(closedAt !== undefined && { closedAt: instant(closedAt) }),
      ...(closedBy && { closedBy }),
      ...(closedCause !== undefined && { closedCause }),
      participants: dialog.participants,
      messages: dialog.nextSequence,
    })),
    ttr: state.ttr,
    ...(state.effectiveTtr > 0 && { answerDueAt: instant(state.effectiveTtr) }),
    firstConversation: state.firstConversation,
    openedOffHours: state.openedOffHours,
    ...(context && { context }),
    ...(clientProperties && { clientProperties }),
    ...(campaignInfo && { campaignInfo }),
    ...(csat && { csat }),
  }
}

export function messageEntry(message: StoredMessage): TimelineEntry {
  const { at, dialogId, sequence, audience, event, metadata, cause } = message
  return {
    kind: 'message',
    at: instant(at),
    dialogId,
    sequence,
    by: writerOf(message),
    audience,
    event,
    ...(metadata && { metadata }),
    ...(cause && { cause }),
  }
}

function writerOf({ originator: { pid, role } }: Pick<StoredMessage, 'originator'>) {
  return { id: pid, role }
}
