import type { Closer, ConversationState, Dialog } from '@parley/contract'
import { ParleyError } from '#base/kernel'
import { type Actor, originatorOf, requireParticipant } from './actor.ts'
import {
  assignedAgent,
  type Decision,
  findParticipant,
  getDialog,
  mainDialog,
  note,
  requireNotClosed,
} from './decision.ts'
import { cancelRings } from './ring.ts'

/** The survey bot that takes over when MAIN closes. */
export interface Survey {
  dialogId: string
  appInstallId: string
  bot: { userId: string; pid: string }
}

const CAUSES: Record<Closer, string> = {
  AGENT: 'Closed by agent',
  CONSUMER: 'Closed by consumer',
  SYSTEM: 'Closed by system',
}

const CLOSERS = {
  consumer: 'CONSUMER',
  agent: 'AGENT',
  bot: 'AGENT',
  system: 'SYSTEM',
} as const satisfies Record<Actor['kind'], Closer>

export function closerOf({ kind }: Actor): Closer {
  return CLOSERS[kind]
}

/** Closes every dialog: no survey follows. Who has closed it already is answered as before: the answer may have been lost. */
export function closeConversation(
  decision: Decision,
  actor: Actor,
  options: { autoClosed?: boolean } = {},
): void {
  const { state } = decision
  if (hasClosedAll(state, actor)) return
  requireParticipant(state, actor)
  requireNotClosed(state)
  const originator = originatorOf(state, actor)
  const mainWasOpen = state.state === 'OPEN'
  for (const dialog of state.dialogs) {
    if (dialog.state === 'OPEN') endDialog(decision, dialog, closerOf(actor))
  }
  if (options.autoClosed) state.autoClosed = true
  endStage(decision)
  const by = closerOf(actor)
  if (mainWasOpen) {
    const autoClosed = options.autoClosed ?? false
    note(decision, { kind: 'closed', by, autoClosed, wholeConversation: true }, originator)
  } else {
    const survey = state.dialogs.find(({ type }) => type === 'POST_SURVEY')
    if (survey) {
      note(decision, { kind: 'survey-closed', dialogId: survey.dialogId, by }, originator)
    }
  }
}

/**
 * Closes one dialog; a survey may follow MAIN at the same instant, and nothing follows a survey. Who has closed it already is answered as
 * before.
 */
export function closeDialog(
  decision: Decision,
  actor: Actor,
  dialogId: string,
  options: {
    survey?: Survey | undefined
    closedCause?: string | undefined
    autoClosed?: boolean
  } = {},
): void {
  const { state } = decision
  const dialog = getDialog(state, dialogId)
  if (hasClosedDialog(state, actor, dialogId)) return
  requireParticipant(state, actor)
  if (dialog.state === 'CLOSE') {
    throw new ParleyError('dialog_closed', `Dialog "${dialogId}" is closed`)
  }
  const originator = originatorOf(state, actor)
  const by = closerOf(actor)
  endDialog(decision, dialog, by, options.closedCause)
  if (dialog.type === 'POST_SURVEY') {
    endStage(decision)
    note(decision, { kind: 'survey-closed', dialogId, by }, originator)
    return
  }
  const autoClosed = options.autoClosed ?? false
  if (autoClosed) state.autoClosed = true
  if (options.survey) openSurvey(decision, options.survey)
  else endStage(decision)
  note(decision, { kind: 'closed', by, autoClosed, wholeConversation: !options.survey }, originator)
}

/** Whether the conversation is closed, and the actor may have closed it. */
export function hasClosedAll(state: ConversationState, actor: Actor): boolean {
  return state.stage === 'CLOSE' && state.dialogs.some((dialog) => hasClosed(state, dialog, actor))
}

export function hasClosedDialog(state: ConversationState, actor: Actor, dialogId: string): boolean {
  return hasClosed(state, getDialog(state, dialogId), actor)
}

/** Whether the actor's side has closed the dialog, and it may have been the actor: also where it only reads the survey behind it. */
function hasClosed({ consumerId }: ConversationState, dialog: Dialog, actor: Actor): boolean {
  if (actor.kind === 'system' || dialog.closedBy !== closerOf(actor)) return false
  if (actor.kind === 'consumer') return actor.userId === consumerId
  const role = findParticipant(dialog, actor.userId)?.role
  return actor.supervises === true || (role !== undefined && role !== 'READER')
}

function endDialog(decision: Decision, dialog: Dialog, by: Closer, cause?: string): void {
  const { state, at } = decision
  dialog.state = 'CLOSE'
  dialog.closedAt = at
  dialog.updatedAt = at
  dialog.closedBy = by
  dialog.closedCause = cause ?? CAUSES[by]
  state.updatedAt = at
  if (dialog.type !== 'MAIN') return
  state.state = 'CLOSE'
  state.closedBy = by
  state.effectiveTtrBeforeClose = state.effectiveTtr
  state.effectiveTtr = -1
  cancelRings(state)
  dialog.participants = dialog.participants.filter((participant) => participant.state === 'ACTIVE')
  delete state.suggestion
  delete state.waitingSince
  delete state.assignedAgentId
  delete state.servedByBot
}

function endStage({ state, at }: Decision): void {
  state.stage = 'CLOSE'
  state.endedAt = at
}

/** Bot and consumer write in it. The former assigned agent only reads. */
function openSurvey({ state, at }: Decision, survey: Survey): void {
  const main = mainDialog(state)
  const consumer = main.participants.filter(({ role }) => role === 'CONSUMER')
  const agent = assignedAgent(state)
  state.dialogs.unshift({
    dialogId: survey.dialogId,
    type: 'POST_SURVEY',
    state: 'OPEN',
    openedAt: at,
    updatedAt: at,
    appInstallId: survey.appInstallId,
    participants: [
      ...consumer,
      { ...survey.bot, role: 'AGENT', state: 'ACTIVE' },
      ...(agent ? [{ ...agent, role: 'READER' as const }] : []),
    ],
    nextSequence: 0,
  })
}
