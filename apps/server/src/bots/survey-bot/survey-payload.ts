import {
  clientFeaturesOf,
  type ConversationState,
  type Dialog,
  type SurveyRun,
} from '@parley/contract'
import {
  numeric,
  originatorIdOf,
  type SurveyPayload,
  typedClientProperties,
} from '@parley/contract/events'

/** What both functions of a survey get. A field without a source in this conversation is absent. */
export function surveyPayload(
  accountId: string,
  run: SurveyRun,
  conversation: ConversationState,
): SurveyPayload {
  const survey = conversation.dialogs.find(({ dialogId }) => dialogId === run.dialogId)
  const main = conversation.dialogs.find(({ type }) => type === 'MAIN')
  return {
    conversationId: run.conversationId,
    accountId,
    surveyId: run.surveyId,
    surveyRevision: run.revision,
    skillId: run.skillId,
    effectiveTTR: conversation.effectiveTtrBeforeClose ?? conversation.effectiveTtr,
    ...lastContent(accountId, conversation),
    ...campaign(conversation),
    closeReason: conversation.closedBy ?? 'SYSTEM',
    ...context(conversation),
    dialogs: conversation.dialogs.map(dialogEntry),
    firstConversation: conversation.firstConversation,
    participants: (main?.participants ?? [])
      .filter(({ role }) => role !== 'CONTROLLER')
      .map(({ pid, role }) => ({ id: pid, role })),
    state: survey?.state ?? 'CLOSE',
    startTs: conversation.startedAt,
    ttr: { ttrType: conversation.ttr.ttrType, value: conversation.ttr.value },
    ...(run.lastQuestionId !== undefined && { lastQuestionId: run.lastQuestionId }),
  }
}

function lastContent(
  accountId: string,
  { lastContent: last }: ConversationState,
): Pick<SurveyPayload, 'lastContentEventNotification'> {
  if (!last) return {}
  const { originator, sequence, at, event, clientProperties } = last
  return {
    lastContentEventNotification: {
      originatorId: originatorIdOf(accountId, originator),
      originatorPId: originator.pid,
      sequence,
      serverTimestamp: at,
      event,
      ...(clientProperties && {
        originatorClientProperties: typedClientProperties(clientProperties),
      }),
    },
  }
}

function campaign({ campaignInfo }: ConversationState): Pick<SurveyPayload, 'campaignInfo'> {
  if (!campaignInfo) return {}
  const id = (value: string | number) => (typeof value === 'string' ? numeric(value) : value)
  const { campaignId, engagementId } = campaignInfo
  return {
    campaignInfo: {
      ...(campaignId !== undefined && { campaignId: id(campaignId) }),
      ...(engagementId !== undefined && { engagementId: id(engagementId) }),
    },
  }
}

function context(conversation: ConversationState): Pick<SurveyPayload, 'context'> {
  const { context: given, clientProperties } = conversation
  if (!given && !clientProperties) return {}
  const features = clientFeaturesOf(conversation)
  const { interactionContextId, lang, sessionId, type, visitorId } = given ?? {}
  return {
    context: {
      ...((clientProperties || features) && {
        clientProperties: typedClientProperties({
          ...clientProperties,
          ...(features && { features }),
        }),
      }),
      ...(interactionContextId !== undefined && { interactionContextId }),
      ...(lang !== undefined && { lang }),
      ...(sessionId !== undefined && { sessionId }),
      ...(type !== undefined && { type }),
      ...(visitorId !== undefined && { visitorId }),
    },
  }
}

function dialogEntry(dialog: Dialog): SurveyPayload['dialogs'][number] {
  return {
    dialogId: dialog.dialogId,
    participantsDetails: dialog.participants.map(({ pid, role, state }) => ({
      id: pid,
      role,
      state,
    })),
    dialogType: dialog.type,
    channelType: 'MESSAGING',
    ...(dialog.appInstallId !== undefined && { metaData: { appInstallId: dialog.appInstallId } }),
    state: dialog.state,
    creationTs: dialog.openedAt,
    ...(dialog.closedAt !== undefined && { endTs: dialog.closedAt }),
    metaDataLastUpdateTs: dialog.updatedAt,
    ...(dialog.closedBy !== undefined && { closedBy: dialog.closedBy }),
    ...(dialog.closedCause !== undefined && { closedCause: dialog.closedCause }),
  }
}
