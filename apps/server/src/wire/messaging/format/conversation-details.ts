import type { ConversationState, Dialog, LastContent, StoredMessage } from '@parley/contract'
import { typedClientProperties } from '@parley/contract/events'

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

export function lastContent(
  { conversationId }: ConversationState,
  content: LastContent,
): StoredMessage {
  return { ...content, conversationId, audience: 'ALL' }
}
