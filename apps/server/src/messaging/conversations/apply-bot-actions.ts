import {
  type ChangeFacts,
  type ConversationState,
  NO_SKILL,
  type Originator,
} from '@parley/contract'
import type { ConversationAction } from '@parley/contract/commands'
import type { Accounts } from '#identity/accounts'
import {
  type Actor,
  assignedAgent,
  changeSkill,
  type Decision,
  type Delay,
  mainDialog,
  publishAutomaticMessage,
  suggestAgent,
  unassign,
} from '#messaging/rules'
import { isRefusal } from '#base/kernel'
import type { InvocationInsert, OutboxEnd } from '#base/store'
import { delayOf } from './account-lookups.ts'
import { changeConversation } from './change-conversation.ts'
import type { WriteDeps } from './deps.ts'
import { closeBySystem } from './survey-of.ts'

export interface AppliedAction {
  applied: boolean
  reason?: string
}

export interface BotActions {
  actions: readonly ConversationAction[]
  /** The outbox row whose answer this is: effects and completion are one commit. A function is given what became of each action. */
  completesRow?: OutboxEnd | ((applied: AppliedAction[]) => OutboxEnd)
  /** Asked by the newest state, before anything is decided: refuses by a `ParleyError`. */
  unless?: () => Promise<void>
  /** Rows to store in the same commit; a function is given what became of each action. */
  invocations?: InvocationInsert[] | ((applied: AppliedAction[]) => InvocationInsert[])
  causedBy?: ChangeFacts['causedBy']
  /** The request id of the runs that were asked: messages note it. */
  invocationId?: string | undefined
  /** The answer comes late: transfers and closes count only while the skill is still this one. */
  onlyWithSkill?: string | undefined
  /** Messages may follow the close of MAIN (the event is its end); every other action is refused then. */
  evenWhenClosed?: boolean
}

/** An action with what it names, or the reasons why it cannot be done. */
type PreparedAction =
  | Extract<ConversationAction, { type: 'message' }>
  | { type: 'close' }
  | {
      type: 'transfer'
      skillId?: string
      agent?: { userId: string; pid: string }
      problems: string[]
    }

/**
 * Applies what the Controller Bot answers: messages, transfers and closes, in one commit with the completion of its
 * outbox row. An action that cannot be applied is reported and left out; the others count.
 * @throws `conversation_not_found` where no row is completed; what `unless` throws
 */
export async function applyBotActions(
  deps: WriteDeps,
  accountId: string,
  conversationId: string,
  bot: BotActions,
): Promise<{ status: 'applied' | 'gone'; applied: AppliedAction[] }> {
  const { userId, pid } = deps.accounts.controllerBot(accountId)
  const controller: Originator = { userId, pid, role: 'CONTROLLER' }
  const prepared = await Promise.all(bot.actions.map((action) => prepare(deps, accountId, action)))
  const { messaging } = await deps.settings.get(accountId)
  let applied: AppliedAction[] = []
  const rows = () =>
    typeof bot.invocations === 'function' ? bot.invocations(applied) : (bot.invocations ?? [])

  const { completesRow: end } = bot
  const rowEnd = end && (() => (typeof end === 'function' ? end(applied) : end))

  const found = await deps.documents.find('conversation', accountId, conversationId)
  if (!found && rowEnd) {
    applied = bot.actions.map(() => ({
      applied: false,
      reason: `No conversation "${conversationId}"`,
    }))
    const { status } = await deps.delivery.commit({
      accountId,
      documents: [],
      completesRow: rowEnd(),
      invocations: rows(),
    })
    return { status: status === 'gone' ? status : 'applied', applied }
  }
  const outcome = await changeConversation(
    deps,
    accountId,
    conversationId,
    async (decision) => {
      await bot.unless?.()
      const refused = refusals(bot, decision.state)
      const means = {
        suggestedUntil: decision.at + messaging.suggestionMs,
        close: () => closeBySystem(deps, accountId, decision, systemOf(controller), 'function'),
        delayOf: (skillId: string) => delayOf(deps, accountId, skillId, decision.at),
      }
      applied = []
      for (const action of prepared) {
        const reason = refused(action)
        applied.push(
          reason === undefined
            ? await attempt(decision, controller, action, { ...bot, ...means })
            : { applied: false, reason },
        )
      }
    },
    { ...(rowEnd && { completesRow: rowEnd }), invocations: rows, causedBy: bot.causedBy },
  )
  return { status: outcome.status === 'gone' ? outcome.status : 'applied', applied }
}

/** Why an action does not count any more, by what the conversation was before all actions. */
function refusals(
  { evenWhenClosed, onlyWithSkill }: BotActions,
  { state, skillId }: ConversationState,
): (action: PreparedAction) => string | undefined {
  return ({ type }) => {
    if (state === 'CLOSE' && !(evenWhenClosed && type === 'message')) {
      return 'The conversation is closed'
    }
    const isStale = onlyWithSkill !== undefined && onlyWithSkill !== skillId
    return isStale && type !== 'message'
      ? `Came too late: the skill is "${skillId}" now, it was "${onlyWithSkill}"`
      : undefined
  }
}

interface Means {
  suggestedUntil: number
  invocationId?: string | undefined
  /** Closes the conversation; a survey may follow. */
  close(): Promise<void>
  delayOf(skillId: string): Promise<Delay>
}

async function attempt(
  decision: Decision,
  controller: Originator,
  action: PreparedAction,
  means: Means,
): Promise<AppliedAction> {
  try {
    return await apply(decision, controller, action, means)
  } catch (error) {
    if (!isRefusal(error)) throw error
    return { applied: false, reason: error.message }
  }
}

async function apply(
  decision: Decision,
  controller: Originator,
  action: PreparedAction,
  means: Means,
): Promise<AppliedAction> {
  const { invocationId, close } = means
  switch (action.type) {
    case 'message':
      publishAutomaticMessage(decision, controller, {
        dialogId: mainDialog(decision.state).dialogId,
        event: { type: 'ContentEvent', contentType: 'text/plain', message: action.text },
        ...(invocationId !== undefined && {
          cause: { invocationId, isDefault: action.isDefault === true },
        }),
      })
      return { applied: true }
    case 'close':
      await close()
      return { applied: true }
    case 'transfer':
      return await transfer(decision, controller, action, means)
  }
}

function systemOf({ userId, pid }: Originator): Actor {
  return { kind: 'system', userId, pid }
}

async function transfer(
  decision: Decision,
  controller: Originator,
  { skillId, agent, problems }: Extract<PreparedAction, { type: 'transfer' }>,
  { suggestedUntil, delayOf }: Means,
): Promise<AppliedAction> {
  const actor = systemOf(controller)
  const reason = problems.length > 0 ? { reason: problems.join('; ') } : {}
  if (skillId === undefined && !agent) return { applied: false, ...reason }
  const changesSkill = skillId !== undefined && skillId !== decision.state.skillId
  if (agent && !changesSkill && assignedAgent(decision.state)?.userId === agent.userId) {
    return { applied: false, reason: `Agent "${agent.userId}" is assigned already` }
  }
  if (agent && !changesSkill && decision.state.suggestion?.userId === agent.userId) {
    return { applied: false, reason: `Agent "${agent.userId}" is asked already` }
  }
  if (assignedAgent(decision.state)) unassign(decision, controller)
  if (skillId !== undefined) {
    changeSkill(decision, actor, { skillId, delay: await delayOf(skillId) })
  }
  if (agent) suggestAgent(decision, actor, { role: 'ASSIGNED_AGENT', agent, suggestedUntil })
  return { applied: true, ...reason }
}

/** Looks up what an action names outside of the conversation. */
async function prepare(
  { accounts }: WriteDeps,
  accountId: string,
  action: ConversationAction,
): Promise<PreparedAction> {
  switch (action.type) {
    case 'message':
    case 'close':
      return action
    case 'transfer':
      return await prepareTransfer(accounts, accountId, action)
  }
}

async function prepareTransfer(
  accounts: Accounts,
  accountId: string,
  { skillId, agentId }: Extract<ConversationAction, { type: 'transfer' }>,
): Promise<PreparedAction> {
  const problems: string[] = []
  const isSkill =
    skillId === NO_SKILL ||
    (skillId !== undefined && (await accounts.skills.find(accountId, skillId)))
  if (skillId !== undefined && !isSkill) problems.push(`No skill "${skillId}"`)
  const user =
    agentId === undefined ? undefined : await accounts.users.findAgent(accountId, agentId)
  if (agentId !== undefined && !user) problems.push(`No agent "${agentId}"`)
  return {
    type: 'transfer',
    problems,
    ...(isSkill && skillId !== undefined && { skillId }),
    ...(user && { agent: { userId: user.userId, pid: user.pid } }),
  }
}
