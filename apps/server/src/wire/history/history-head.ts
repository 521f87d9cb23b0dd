import { type ConversationState, NO_SKILL } from '@parley/contract'
import { mainDialog } from '#messaging/rules'
import { UNDEFINED, written } from './history-times.ts'
import type { Directory } from './directory.ts'

const REASONS = { AGENT: 'MANUAL_CLOSE', CONSUMER: 'MANUAL_CLOSE', SYSTEM: 'SYSTEM_CLOSE' } as const

export function headOf(directory: Directory, state: ConversationState, now: number) {
  const { startedAt, endedAt, csat, clientProperties } = state
  const agent = directory.user(latestAgentId(state))
  const ended = endedAt ?? mainDialog(state).closedAt
  return {
    startTime: written(startedAt),
    startTimeL: startedAt,
    endTime: endedAt === undefined ? UNDEFINED : written(endedAt),
    endTimeL: endedAt ?? -1,
    conversationEndTime: ended === undefined ? UNDEFINED : written(ended),
    conversationEndTimeL: ended ?? -1,
    fullDialogEndTime: endedAt === undefined ? UNDEFINED : written(endedAt),
    fullDialogEndTimeL: endedAt ?? -1,
    duration: (endedAt ?? now) - startedAt,
    conversationId: state.conversationId,
    brandId: directory.accountId,
    ...(agent && {
      latestAgentId: agent.userId,
      latestAgentNickname: agent.nickname,
      latestAgentFullName: agent.fullName,
      latestAgentLoginName: agent.loginName,
      agentDeleted: false,
    }),
    latestSkillId: Number(state.skillId),
    latestSkillName: state.skillId === NO_SKILL ? 'Unassigned' : directory.skillName(state.skillId),
    source: 'APP',
    ...(state.closedBy && {
      closeReason: state.autoClosed ? 'TIMEOUT' : state.closedBy,
      closeReasonDescription: state.autoClosed ? 'TIMEOUT' : REASONS[state.closedBy],
    }),
    status: state.state,
    fullDialogStatus: state.stage,
    firstConversation: state.firstConversation,
    wasStepUp: state.formerConsumerIds.length > 0,
    ...(csat?.csatRate !== undefined && { csatRate: csat.csatRate }),
    device: clientProperties?.deviceFamily ?? UNDEFINED,
    browser: text(clientProperties?.['browser']),
    operatingSystem: clientProperties?.os ?? 'NA',
    latestAgentGroupId: -1,
    latestAgentGroupName: 'Unassigned',
    latestQueueState: state.waitingSince === undefined ? 'ACTIVE' : 'IN_QUEUE',
    ...(state.context?.visitorId !== undefined && { visitorId: state.context.visitorId }),
    ...(state.context?.interactionContextId !== undefined && {
      interactionContextId: state.context.interactionContextId,
    }),
    language: state.context?.lang ?? UNDEFINED,
    features: clientProperties?.features ?? [],
  }
}

export function latestAgentId(state: ConversationState): string | undefined {
  return (
    state.assignedAgentId ??
    state.moves.findLast(({ kind, role }) => kind === 'joined' && role === 'ASSIGNED_AGENT')?.userId
  )
}

export function campaignOf({ campaignInfo }: ConversationState) {
  if (!campaignInfo) return undefined
  const { campaignId, engagementId } = campaignInfo
  return {
    ...(engagementId !== undefined && { campaignEngagementId: String(engagementId) }),
    ...(campaignId !== undefined && { campaignId: String(campaignId) }),
  }
}

export function dialogsOf(directory: Directory, state: ConversationState) {
  return state.dialogs.map((dialog) => ({
    dialogId: dialog.dialogId,
    status: dialog.state,
    dialogType: dialog.type,
    dialogChannelType: 'MESSAGING',
    startTime: written(dialog.openedAt),
    startTimeL: dialog.openedAt,
    endTime: dialog.closedAt === undefined ? UNDEFINED : written(dialog.closedAt),
    endTimeL: dialog.closedAt ?? -1,
    ...(dialog.closedBy && {
      closeReason: dialog.closedBy,
      closeReasonDescription: dialog.closedCause,
    }),
    skillId: state.skillId,
    skillName: state.skillId === NO_SKILL ? 'Unassigned' : directory.skillName(state.skillId),
  }))
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : UNDEFINED
}
