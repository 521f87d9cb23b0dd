import { type ChangeFacts, NO_SKILL, type Originator } from '@parley/contract'
import {
  type Actor,
  assignedAgent,
  changeSkill,
  closeConversation,
  type Draft,
  mainDialog,
  publishAutomaticMessage,
  suggestAgent,
  unassign,
} from '#messaging/rules'
import { ParleyError } from '#base/kernel'
import type { Deps } from './deps.ts'
import { writeConversation } from './write.ts'

export type ConversationAction =
  | { type: 'message'; text: string }
  | { type: 'transfer'; skillId?: string | undefined; agentId?: string | undefined }
  | { type: 'close' }

export interface AppliedAction {
  applied: boolean
  reason?: string
}

export interface Act {
  actions: readonly ConversationAction[]
  /** The outbox row whose answer this is: effects and end are one commit. */
  completesRow: { outboxId: number }
  /** Rows to store in the same commit, told what became of each action. */
  invocations?: object[] | ((applied: AppliedAction[]) => object[])
  causedBy?: ChangeFacts['causedBy']
  /** Lines may follow the close of MAIN (the event is its end); everything else is refused then. */
  evenWhenClosed?: boolean
}

/** Somebody that an action names, or why it cannot be done. */
type Prepared =
  | { type: 'message'; text: string }
  | { type: 'close' }
  | {
      type: 'transfer'
      skillId?: string
      agent?: { userId: string; pid: string }
      problems: string[]
    }

/**
 * What the Controller Bot answers: messages, transfers and closes, in one commit with the end of the event. What cannot
 * be done is reported and left out; the rest counts.
 */
export async function actInConversation(
  deps: Deps,
  accountId: string,
  conversationId: string,
  act: Act,
): Promise<{ applied: AppliedAction[] }> {
  const { userId, pid } = deps.accounts.controllerBot(accountId)
  const controller: Originator = { userId, pid, role: 'CONTROLLER' }
  const prepared = await Promise.all(act.actions.map((action) => prepare(deps, accountId, action)))
  const { messaging } = await deps.accounts.settings(accountId)
  let applied: AppliedAction[] = []
  const rows = () =>
    typeof act.invocations === 'function' ? act.invocations(applied) : (act.invocations ?? [])

  const isThere = await deps.documents.find('conversation', accountId, conversationId)
  if (!isThere) {
    applied = act.actions.map(() => ({ applied: false, reason: 'The conversation does not exist' }))
    await deps.delivery.commit({
      accountId,
      documents: [],
      completesRow: act.completesRow,
      invocations: rows(),
    })
    return { applied }
  }
  await writeConversation(
    deps,
    accountId,
    conversationId,
    (draft) => {
      const suggestedUntil = draft.at + messaging.suggestionMs
      const wasClosed = draft.state.state === 'CLOSE'
      applied = prepared.map((action) =>
        wasClosed && !(act.evenWhenClosed && action.type === 'message')
          ? { applied: false, reason: 'The conversation is closed' }
          : attempt(draft, controller, action, suggestedUntil),
      )
    },
    { completesRow: act.completesRow, invocations: rows, causedBy: act.causedBy },
  )
  return { applied }
}

function attempt(
  draft: Draft,
  controller: Originator,
  action: Prepared,
  suggestedUntil: number,
): AppliedAction {
  try {
    return apply(draft, controller, action, suggestedUntil)
  } catch (error) {
    if (error instanceof ParleyError) return { applied: false, reason: error.message }
    throw error
  }
}

function apply(
  draft: Draft,
  controller: Originator,
  action: Prepared,
  suggestedUntil: number,
): AppliedAction {
  const actor: Actor = { kind: 'system', userId: controller.userId, pid: controller.pid }
  if (action.type === 'message') {
    publishAutomaticMessage(draft, controller, {
      dialogId: mainDialog(draft.state).dialogId,
      event: { type: 'ContentEvent', contentType: 'text/plain', message: action.text },
    })
    return { applied: true }
  }
  if (action.type === 'close') {
    closeConversation(draft, actor)
    return { applied: true }
  }
  const { skillId, agent, problems } = action
  const reason = problems.length > 0 ? { reason: problems.join('; ') } : {}
  if (skillId === undefined && !agent) return { applied: false, ...reason }
  const goesOn = skillId !== undefined && skillId !== draft.state.skillId
  if (agent && !goesOn && assignedAgent(draft.state)?.userId === agent.userId) {
    return { applied: false, reason: `Agent "${agent.userId}" is assigned already` }
  }
  if (assignedAgent(draft.state)) unassign(draft, controller)
  if (skillId !== undefined) changeSkill(draft, actor, skillId)
  if (agent) suggestAgent(draft, actor, { role: 'ASSIGNED_AGENT', agent, suggestedUntil })
  return { applied: true, ...reason }
}

async function prepare(
  { accounts }: Deps,
  accountId: string,
  action: ConversationAction,
): Promise<Prepared> {
  if (action.type !== 'transfer') return action
  const problems: string[] = []
  const { skillId, agentId } = action
  const isSkill =
    skillId === NO_SKILL ||
    (skillId !== undefined && (await accounts.skills.find(accountId, skillId)))
  if (skillId !== undefined && !isSkill) problems.push(`Skill "${skillId}" does not exist`)
  const user = agentId === undefined ? undefined : await accounts.users.find(accountId, agentId)
  if (agentId !== undefined && !user?.enabled) problems.push(`Agent "${agentId}" does not exist`)
  return {
    type: 'transfer',
    problems,
    ...(isSkill && skillId !== undefined && { skillId }),
    ...(user?.enabled && { agent: { userId: user.userId, pid: user.pid } }),
  }
}
