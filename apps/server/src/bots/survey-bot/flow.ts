import {
  type ChangeFacts,
  clientFeaturesOf,
  type ConversationState,
  type Dialog,
  type SurveyDefinition,
  type SurveyRun,
} from '@parley/contract'
import type {
  Conversations,
  DialogRef,
  SurveyBotAction,
  SurveyBotActions,
} from '#messaging/conversations'
import type { Figure } from '#messaging/figures'
import type { Reading } from '#messaging/reading'
import type { Delivery, OutboxRow } from '#base/delivery'
import { changeDocument } from '#base/kit'
import type { Base, DocumentWrite } from '#base/store'
import { surveyBotOf } from './bot-identity.ts'
import { ENDED, eventRow, STARTED } from './events.ts'
import { EXPIRY, expiryAt, type ExpiryFacts } from './expiry.ts'
import {
  findRevision,
  findRun,
  findSurveyOfInstall,
  RUN,
  runRef,
  type StoredSurvey,
} from './repository.ts'
import { beginRun, expireRun, type Step, takeAnswer, withoutQuestion } from './run-rules.ts'
import { languageOf } from './say-in.ts'
import { satisfactionFigures } from './satisfaction-figures.ts'
import { surveyDialog } from './survey-dialog.ts'

export interface FlowDeps extends Pick<Base, 'store' | 'monotonic'> {
  delivery: Delivery
  reading: Reading
  conversations: Conversations
}

const MINUTE_MS = 60_000

/** MAIN has closed and the bot's dialog is open: greets and asks. */
export async function startSurvey(
  deps: FlowDeps,
  { id, accountId, facts }: OutboxRow<ChangeFacts>,
): Promise<void> {
  const dialog = surveyDialog(facts.conversation)
  const installed = dialog?.appInstallId
  const survey =
    installed === undefined
      ? undefined
      : await findSurveyOfInstall(deps.store.db, accountId, installed)
  if (!dialog || !survey) throw new Error(`No survey is installed as "${installed}"`)
  const ref = dialogRef(accountId, facts.conversation.conversationId, dialog.dialogId)
  await deps.conversations.applySurveyBotActions(
    accountId,
    ref,
    async (state, at) => {
      const open = findOpenDialog(state, ref.dialogId)
      if (!open) return { actions: [] }
      const fresh = newRun(survey, state, dialog, facts.conversation, at)
      const step = beginRun(survey.definition, fresh, open.nextSequence)
      return {
        actions: actionsOf(step),
        extra: {
          documents: [writeOf(step.run, 0)],
          outbox: [eventRow(accountId, STARTED, step.run, state)],
          arm: [expiryAt(fresh.expiresAt, ref)],
        },
      }
    },
    { completesRow: { outboxId: id } },
  )
}

/** The consumer has written in the survey's dialog. */
export async function handleAnswer(
  deps: FlowDeps,
  { id, accountId, facts }: OutboxRow<ChangeFacts>,
  { dialogId, sequence }: { dialogId: string; sequence: number },
): Promise<void> {
  const { conversationId } = facts.conversation
  const ref = dialogRef(accountId, conversationId, dialogId)
  const reader = { kind: 'system' as const, ...ref.bot }
  const range = { conversationId, dialogId, from: sequence, limit: 1 }
  const { messages } = await deps.reading.readMessages(accountId, reader, range)
  const [message] = messages
  if (!message) throw new Error(`Message ${sequence} of dialog ${dialogId} is missing`)
  if (findOpenDialog(facts.conversation, dialogId)) {
    const composing = { conversationId, dialogId, chatState: 'COMPOSING' }
    await deps.conversations.publishChatState(accountId, { kind: 'bot', ...ref.bot }, composing)
  }
  await deps.conversations.applySurveyBotActions(
    accountId,
    ref,
    async (state) => {
      const found = await findRun(deps.store.db, accountId, dialogId)
      const dialog = findOpenDialog(state, dialogId)
      if (!found) return { actions: [] }
      const read: SurveyBotAction = {
        type: 'publish',
        event: { type: 'AcceptStatusEvent', status: 'READ', sequenceList: [sequence] },
      }
      const definition = await definitionOf(deps, accountId, found.run)
      const taken = takeAnswer(definition, found.run, message, (dialog?.nextSequence ?? 0) + 1)
      if (!taken) return { actions: [read] }
      // Who has closed the dialog right after an answer has given it all the same.
      const step = dialog ? taken : withoutQuestion(taken, found.run)
      const figures = satisfactionFigures(found.run, step.run, facts.at)
      return acting(step, found.version, 'completed', facts.at, [read], figures)
    },
    { completesRow: { outboxId: id } },
  )
}

/** The consumer has not finished in time. */
export async function expireSurvey(
  deps: FlowDeps,
  { id, accountId, facts }: OutboxRow<ExpiryFacts>,
): Promise<void> {
  const ref = dialogRef(accountId, facts.conversationId, facts.dialogId)
  await deps.conversations.applySurveyBotActions(
    accountId,
    ref,
    async (state) => {
      const found = await findRun(deps.store.db, accountId, facts.dialogId)
      if (!found || !findOpenDialog(state, facts.dialogId)) return { actions: [] }
      const definition = await definitionOf(deps, accountId, found.run)
      return acting(expireRun(definition, found.run), found.version, 'expired', facts.expiredAt, [])
    },
    { completesRow: { outboxId: id } },
  )
}

/** The dialog is closed: an unfinished survey stays unfinished, and the `Ended` event is raised. */
export async function finishSurvey(
  deps: FlowDeps,
  { id, accountId, facts }: OutboxRow<ChangeFacts>,
  { dialogId, by }: { dialogId: string; by: 'AGENT' | 'CONSUMER' | 'SYSTEM' },
): Promise<void> {
  const completesRow = { outboxId: id }
  await changeDocument(deps, accountId, runRef(dialogId), (before) => {
    if (!before) return { completesRow }
    const run = ended(before, by === 'SYSTEM' ? 'failed' : 'abandoned', facts.at)
    return {
      state: run,
      outbox: [eventRow(accountId, ENDED, run, facts.conversation)],
      disarm: [{ kind: EXPIRY, key: dialogId }],
      completesRow,
    }
  })
}

function acting(
  step: Step,
  version: number,
  outcome: 'completed' | 'expired',
  at: number,
  before: SurveyBotAction[],
  figures: Figure[] = [],
): SurveyBotActions {
  const run = step.isOver ? ended(step.run, outcome, at) : step.run
  const closedCause = outcome === 'completed' ? 'Completed' : 'Expired'
  return {
    actions: [
      ...before,
      ...actionsOf(step),
      ...(step.isOver ? [{ type: 'close' as const, closedCause }] : []),
    ],
    extra: {
      documents: [writeOf(run, version)],
      figures,
      ...(step.isOver && { disarm: [{ kind: EXPIRY, key: run.dialogId }] }),
    },
  }
}

function newRun(
  { surveyId, revision, definition }: StoredSurvey,
  state: ConversationState,
  dialog: Dialog,
  closed: ConversationState,
  at: number,
): SurveyRun {
  const agent = dialog.participants.find(({ role }) => role === 'READER')
  const language = languageOf(state.context?.lang, definition.language)
  return {
    dialogId: dialog.dialogId,
    conversationId: state.conversationId,
    consumerId: state.consumerId,
    surveyId,
    revision,
    skillId: closed.skillId,
    ...(agent && { agent: { userId: agent.userId, pid: agent.pid } }),
    language,
    listed: !clientFeaturesOf(state)?.includes('QUICK_REPLIES'),
    startedAt: at,
    expiresAt: at + definition.expiresAfterMinutes * MINUTE_MS,
    answers: [],
  }
}

/** The first end counts. */
function ended(run: SurveyRun, outcome: NonNullable<SurveyRun['outcome']>, at: number): SurveyRun {
  return run.endedAt === undefined ? { ...run, outcome, endedAt: at } : run
}

async function definitionOf(
  { store }: FlowDeps,
  accountId: string,
  { surveyId, revision }: SurveyRun,
): Promise<SurveyDefinition> {
  const definition = await findRevision(store.db, accountId, surveyId, revision)
  if (!definition) throw new Error(`Survey ${surveyId} has no revision ${revision}`)
  return definition
}

function findOpenDialog({ dialogs }: ConversationState, dialogId: string): Dialog | undefined {
  return dialogs.find((dialog) => dialog.dialogId === dialogId && dialog.state === 'OPEN')
}

function actionsOf({ messages }: Step): SurveyBotAction[] {
  return messages.map((message) => ({ type: 'publish', ...message }))
}

function writeOf(run: SurveyRun, readVersion: number): DocumentWrite {
  return { kind: RUN, id: run.dialogId, readVersion, state: run }
}

function dialogRef(accountId: string, conversationId: string, dialogId: string): DialogRef {
  return { conversationId, dialogId, bot: surveyBotOf(accountId) }
}
