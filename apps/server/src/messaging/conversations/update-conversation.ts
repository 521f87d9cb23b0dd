import { type ConversationState, type CsatRate, type Role, type Ttr } from '@parley/contract'
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
  getDialog,
  type Handover,
  isHandedOver,
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

type Apply = (decision: Decision, actor: Actor) => void | Promise<void>

/** Applies all parts of one request, in their order, or none of them. */
export async function updateConversation(
  deps: WriteDeps,
  accountId: string,
  actor: Reader,
  conversationId: string,
  fields: readonly FieldChange[],
): Promise<ConversationState> {
  const parts = await Promise.all(fields.map((field) => prepare(deps, accountId, actor, field)))
  const handover = await handoverOf(deps, accountId, actor, fields)
  const decide = async (decision: Decision) => {
    if (handover && isHandedOver(decision.state, actor, handover)) return
    requireSight(actor, decision.state)
    const by = throughout(decision, actor)
    for (const apply of parts) await apply(decision, by)
  }
  const { clientIp, clientProperties } = actor
  const client = { clientIp, clientProperties }
  const outcome = await changeConversation(deps, accountId, conversationId, decide, client)
  if (outcome.status !== 'applied') throw new Error(`Unexpected outcome "${outcome.status}"`)
  return outcome.state
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
): Promise<Apply> {
  switch (change.field) {
    case 'close':
      return (decision, by) => closeConversation(decision, by)
    case 'close-dialog':
      return async (decision, by) => {
        const { dialogId, closedCause } = change
        const isMain = getDialog(decision.state, dialogId).type === 'MAIN'
        const survey = isMain
          ? await surveyOf({ surveyAfter, ids }, accountId, decision.state, 'participant')
          : undefined
        closeDialog(decision, by, dialogId, { survey, closedCause })
      }
    case 'participants': {
      requireAgent(actor)
      const named = change.type === 'REMOVE' ? getPerson : getAgent
      const { userId, pid } = await named(accounts, accountId, change.agentId ?? actor.userId)
      const { messaging } = await settings.get(accountId)
      const hosted = (await documents.find('agent', accountId, userId))?.state.hosted
      const agent = { userId, pid, hosted }
      return (decision, by) => {
        const suggestedUntil = decision.at + messaging.suggestionMs
        changeParticipants(decision, by, { ...change, agent, suggestedUntil })
      }
    }
    case 'skill':
      await requireSkill(accounts, accountId, change.skillId)
      return async (decision, by) => {
        const { skillId } = change
        const delay = await delayOf({ accounts }, accountId, skillId, decision.at)
        changeSkill(decision, by, { skillId, delay })
      }
    case 'ttr': {
      const { messaging } = await settings.get(accountId)
      return (decision, by) => changeTtr(decision, by, ttrOf(messaging.ttr, change))
    }
    case 'manual-ettr':
      return (decision, by) => changeManualEttr(decision, by, change.at)
    case 'csat':
      return (decision, by) => rateConversation(decision, by, change.rate)
  }
}
