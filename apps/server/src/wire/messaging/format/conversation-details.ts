import type { ConversationState, Dialog, StoredMessage } from '@parley/contract'
import { typedClientProperties } from '@parley/contract/events'
import { charactersOf } from '#messaging/reading'

/** The members of a conversation that both sides spell alike. */
export function details(state: ConversationState) {
  const { context, clientProperties } = state
  return {
    skillId: state.skillId,
    state: state.state,
    stage: state.stage,
    startTs: state.startedAt,
    ...(state.endedAt !== undefined && { endTs: state.endedAt }),
    metaDataLastUpdateTs: state.updatedAt,
    ...(state.closedBy && { closeReason: state.closedBy }),
    firstConversation: state.firstConversation,
    ttr: state.ttr,
    ...(state.delay && { delay: state.delay }),
    ...(state.manualEttr !== undefined && { manualETTR: state.manualEttr }),
    ...(state.csat && { csat: state.csat }),
    ...((context || clientProperties) && {
      context: {
        type: 'SharkContext',
        ...context,
        ...(clientProperties && {
          clientProperties: typedClientProperties(clientProperties),
        }),
      },
    }),
    ...(state.campaignInfo && { campaignInfo: state.campaignInfo }),
  }
}

/** What holds of every conversation that is erased. */
export const ERASED = { state: 'CLOSE', stage: 'CLOSE', dialogs: [] }

export function dialogDetails(dialog: Dialog) {
  return {
    dialogId: dialog.dialogId,
    dialogType: dialog.type,
    channelType: 'MESSAGING',
    state: dialog.state,
    creationTs: dialog.openedAt,
    metaDataLastUpdateTs: dialog.updatedAt,
    ...(dialog.closedAt !== undefined && { endTs: dialog.closedAt }),
    ...(dialog.closedBy && { closedBy: dialog.closedBy }),
    ...(dialog.closedCause !== undefined && { closedCause: dialog.closedCause }),
    ...(dialog.appInstallId !== undefined && {
      metaData: { appInstallId: dialog.appInstallId },
    }),
  }
}

/** As much as the longest text with some metadata. */
const MAX_LAST_CHARACTERS = 10_000

/**
 * What was said last, unless it is a large card: lists have a thousand conversations, and each change of one goes to all agents. Clients read it
 * among the messages: published ones know conversations without it (`spec/messaging.md` 5.2).
 */
export function lastContent({
  conversationId,
  lastContent: content,
}: ConversationState): StoredMessage | undefined {
  if (!content || charactersOf(content) > MAX_LAST_CHARACTERS) return undefined
  return { ...content, conversationId, audience: 'ALL' }
}
