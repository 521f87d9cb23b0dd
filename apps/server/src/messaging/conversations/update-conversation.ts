import { isDeepStrictEqual } from 'node:util'
import {
  type ConversationState,
  type CsatRate,
  type Role,
  type RoutingStep,
  type Ttr,
} from '@parley/contract'
import { type Reader, requireSight } from '#messaging/reading'
import {
  type Actor,
  assignedAgent,
  changeManualEttr,
  changeParticipants,
  changeSkill,
  changeTtr,
  closeConversation,
  closeDialog,
  type Decision,
  noteReason,
  getDialog,
  type Handover,
  hasClosedAll,
  hasClosedDialog,
  isChanged,
  isHandedOver,
  NO_TIME,
  rateConversation,
  requireAgent,
  requireParticipant,
  ttrOf,
} from '#messaging/rules'
import { delayOf, getAgent, getPerson, requireSkill } from './account-lookups.ts'
import { changeConversation } from './change-conversation.ts'
import type { WriteDeps } from './deps.ts'
import { surveyOf } from './survey-of.ts'

/** One part of a request to update a conversation. */
export type FieldChange =
  | { field: 'close' }
  | { field: 'close-dialog'; dialogId: string; closedCause?: string | undefined }
  | {
      field: 'participants'
      type: 'ADD' | 'REMOVE' | 'UPDATE' | 'SUGGEST'
      role: Role
      /** Id or pid; absent: the caller itself. */
      agentId?: string | undefined
    }
  | { field: 'skill'; skillId: string }
  | { field: 'ttr'; ttrType: Ttr['ttrType']; value?: number | undefined }
  | { field: 'manual-ettr'; at: number }
  | { field: 'csat'; rate: CsatRate }

interface Part {
  apply(decision: Decision, actor: Actor): void | Promise<void>
  /** Whether the conversation is as this leaves it. */
  isDone(state: ConversationState): boolean
  closes?: true
}

/**
 * Applies all parts of one request, in their order, or none of them.
 * @param metadata what the request says of why: kept with the step that it makes
 */
export async function updateConversation(
  deps: WriteDeps,
  accountId: string,
  actor: Reader,
  conversationId: string,
  fields: readonly FieldChange[],
  metadata?: RoutingStep['metadata'],
): Promise<ConversationState> {
  const parts = await Promise.all(fields.map((field) => prepare(deps, accountId, actor, field)))
  const handover = await handoverOf(deps, accountId, actor, fields)
  const decide = async (decision: Decision) => {
    if (handover && isHandedOver(decision.state, actor, handover)) return
    requireSight(actor, decision.state)
    if (isClosedBy(parts, decision.state)) return
    const by = throughout(decision, actor)
    const before = decision.state.moves.at(-1)
    for (const part of parts) await part.apply(decision, by)
    if (metadata) noteReason(decision, before, metadata)
  }
  const { clientIp, clientProperties } = actor
  const client = { clientIp, clientProperties }
  const outcome = await changeConversation(deps, accountId, conversationId, decide, client)
  if (outcome.status !== 'applied') throw new Error(`Unexpected outcome "${outcome.status}"`)
  return outcome.state
}

/** Whether the request has closed the conversation, after all else that it asks for: the answer may have been lost. */
function isClosedBy(parts: readonly Part[], state: ConversationState): boolean {
  return parts.some(({ closes }) => closes) && parts.every((part) => part.isDone(state))
}

/** What a request asks for that takes the conversation from its agent; `undefined` where it asks for anything else. */
async function handoverOf(
  { accounts }: Pick<WriteDeps, 'accounts'>,
  accountId: string,
  actor: Actor,
  [first, ...rest]: readonly FieldChange[],
): Promise<Handover | undefined> {
  if (!first || !isOf(first, 'REMOVE')) return undefined
  const idOf = async ({ agentId = actor.userId }: { agentId?: string | undefined }) =>
    (await getPerson(accounts, accountId, agentId)).userId
  const handover: Handover = { removedId: await idOf(first) }
  for (const field of rest) {
    if (field.field === 'skill') handover.skillId = field.skillId
    else if (isOf(field, 'SUGGEST')) handover.suggestedId = await idOf(field)
    else if (isOf(field, 'ADD')) handover.assignedId = await idOf(field)
    else return undefined
  }
  return handover
}

type ParticipantsField = Extract<FieldChange, { field: 'participants' }>

function isOf(change: FieldChange, type: ParticipantsField['type']): change is ParticipantsField {
  return change.field === 'participants' && change.role === 'ASSIGNED_AGENT' && change.type === type
}

/** A participant that hands over and leaves in one request may still do the rest of it. */
function throughout({ state }: Decision, actor: Actor): Actor {
  if (actor.kind === 'consumer') {
    requireParticipant(state, actor)
    return actor
  }
  const isAssigned = state.state === 'OPEN' && assignedAgent(state)?.userId === actor.userId
  return isAssigned ? { ...actor, supervises: true, role: 'ASSIGNED_AGENT' } : actor
}

/** Looks up what a part names outside of the conversation, so that the part itself only decides. */
async function prepare(
  { accounts, settings, ids, surveyAfter, documents }: WriteDeps,
  accountId: string,
  actor: Actor,
  change: FieldChange,
): Promise<Part> {
  switch (change.field) {
    case 'close':
      return {
        apply: closeConversation,
        isDone: (state) => hasClosedAll(state, actor),
        closes: true,
      }
    case 'close-dialog':
      return {
        async apply(decision, by) {
          const { dialogId, closedCause } = change
          const isMain = getDialog(decision.state, dialogId).type === 'MAIN'
          const survey = isMain
            ? await surveyOf({ surveyAfter, ids }, accountId, decision.state, 'participant')
            : undefined
          closeDialog(decision, by, dialogId, { survey, closedCause })
        },
        isDone: (state) => hasClosedDialog(state, actor, change.dialogId),
        closes: true,
      }
    case 'participants': {
      requireAgent(actor)
      const named = change.type === 'REMOVE' ? getPerson : getAgent
      const { userId, pid } = await named(accounts, accountId, change.agentId ?? actor.userId)
      const { messaging } = await settings.get(accountId)
      const hosted = (await documents.find('agent', accountId, userId))?.state.hosted
      const agent = { userId, pid, hosted }
      return {
        apply(decision, by) {
          const suggestedUntil = decision.at + messaging.suggestionMs
          changeParticipants(decision, by, { ...change, agent, suggestedUntil })
        },
        isDone: (state) => isChanged(state, { ...change, agent }),
      }
    }
    case 'skill':
      await requireSkill(accounts, accountId, change.skillId)
      return {
        async apply(decision, by) {
          const { skillId } = change
          const delay = await delayOf({ accounts }, accountId, skillId, decision.at)
          changeSkill(decision, by, { skillId, delay })
        },
        isDone: ({ skillId }) => skillId === change.skillId,
      }
    case 'ttr': {
      const { messaging } = await settings.get(accountId)
      const ttr = () => ttrOf(messaging.ttr, change)
      return {
        apply: (decision, by) => changeTtr(decision, by, ttr()),
        isDone: (state) => isDeepStrictEqual(state.ttr, ttr()),
      }
    }
    case 'manual-ettr':
      return {
        apply: (decision, by) => changeManualEttr(decision, by, change.at),
        isDone: ({ manualEttr = NO_TIME }) => manualEttr === change.at,
      }
    case 'csat':
      return {
        apply: (decision, by) => rateConversation(decision, by, change.rate),
        isDone: ({ csat }) => isDeepStrictEqual(csat, { ...csat, ...change.rate }),
      }
  }
}
