import {
  type BotAction,
  type BotErrorSuffix,
  type BotIntent,
  type BotMessage,
  NO_SKILL,
} from '@parley/contract'
import type { InvocationRecord } from '#faas/records'
import type { CommitOperation, DocumentWrite, OutboxEnd, OutboxInsert } from '#base/store'
import { ParleyError } from '#base/kernel'
import type { Decision } from '#messaging/rules'
import { actionRow } from './action-row.ts'
import type { BotAgentsDeps } from './deps.ts'
import { errorRow } from './errors.ts'
import { escalate } from './escalate.ts'
import { prepareAction } from './perform.ts'
import type { Served } from './next-step.ts'
import { sayUntilPause } from './say.ts'
import { wakeRow } from './wake.ts'
import { type BotSession, SESSION } from './session.ts'
import { PAUSE } from './pauses.ts'

/** What becomes of a turn. */
export interface TurnEnd {
  messages: readonly BotMessage[]
  action?: BotAction | undefined
  /** The bot could not answer: the conversation is escalated after the messages. */
  failure?: { error: BotErrorSuffix; detail?: unknown } | undefined
  /** Escalates without an error. */
  gives?: boolean
  intents?: readonly BotIntent[] | undefined
  session: BotSession
  records: readonly InvocationRecord[]
  /** The consumer may have written what has not been looked at: it is when this is said. */
  more?: boolean
}

/** What the decision has come to, for the same commit. */
interface Outcome {
  outbox: OutboxInsert[]
  arm: NonNullable<CommitOperation['arm']>
  session: BotSession
  typing: boolean
}

/**
 * Says and does what a bot has answered, in one commit with its session, the records and the completion of the row: nothing of it
 * happens twice, whatever dies when. A conversation that was closed or taken away meanwhile gets nothing.
 */
export async function answer(
  deps: BotAgentsDeps,
  { accountId, bot, state, version }: Served,
  completesRow: OutboxEnd,
  end: TurnEnd,
): Promise<void> {
  const { conversationId } = state
  const { imageHosts } = (await deps.settings.get(accountId)).messaging
  const { skillId } = bot.settings.escalation
  const skillExists =
    skillId === NO_SKILL || !!(await deps.accounts.skills.find(accountId, skillId))
  const { action } = end
  const isOfConversation = action && action.type !== 'invoke' && action.type !== 'escalate'
  const prepared = isOfConversation ? await prepareAction(deps, accountId, bot, action) : undefined
  const failed = (failure: NonNullable<TurnEnd['failure']>) =>
    errorRow(deps, bot, conversationId, failure)
  let outcome: Outcome = { outbox: [], arm: [], session: end.session, typing: false }

  const act = async (decision: Decision): Promise<void> => {
    const { intents } = end
    const fail = (failure: NonNullable<TurnEnd['failure']>) => {
      outcome.outbox.push(failed(failure))
      const second = escalate(decision, bot, { skillExists, intents })
      if (second) outcome.outbox.push(failed({ error: second }))
    }
    const said = sayUntilPause(decision, bot, end.messages, {
      imageHosts,
      ...(intents && { intents }),
    })
    if (said.failed) return fail({ error: 'connector.messaging.send-message' })
    if (said.pause) {
      const { ms, typing, rest } = said.pause
      const at = decision.at + ms
      outcome.session = { ...end.session, rest: { at, messages: rest, ...(action && { action }) } }
      outcome.arm.push({ kind: PAUSE, key: conversationId, dueAt: at, facts: { conversationId } })
      outcome.typing = typing
      return
    }
    if (end.failure) return fail(end.failure)
    if (end.more) outcome.outbox.push(wakeRow(conversationId))
    if (end.gives || action?.type === 'escalate') {
      const second = escalate(decision, bot, { skillExists, intents })
      if (second) outcome.outbox.push(failed({ error: second }))
    }
    if (action?.type === 'invoke') outcome.outbox.push(actionRow(conversationId, bot, action))
    if (!prepared) return
    if ('refused' in prepared) return fail({ error: prepared.refused })
    try {
      await prepared.perform(decision)
    } catch (error) {
      if (!(error instanceof ParleyError)) throw error
      fail({ error: prepared.error })
    }
  }

  await deps.conversations.changeConversation(
    accountId,
    conversationId,
    async (decision) => {
      outcome = { outbox: [], arm: [], session: end.session, typing: false }
      const lost = lostBecause(decision, bot.userId, end)
      if (!lost) return await act(decision)
      // Somebody was faster than the vendor: what it said is for nobody.
      outcome.outbox.push(failed({ error: lost }))
    },
    {
      completesRow,
      invocations: () => [...end.records],
      extra: () => ({
        documents: [sessionWrite(conversationId, version, outcome.session)],
        outbox: outcome.outbox,
        arm: outcome.arm,
      }),
    },
  )
  if (outcome.typing) await showTyping(deps, accountId, conversationId, bot)
}

/** What is closed already cannot be closed by the bot: that has a name of its own. */
function lostBecause(
  { state }: Decision,
  userId: string,
  { messages, action, session }: TurnEnd,
): BotErrorSuffix | undefined {
  if (state.state === 'CLOSE') {
    const onlyCloses = action?.type === 'close' && messages.length === 0
    return `connector.messaging.${onlyCloses ? 'end-conversation' : 'conversation-closed'}`
  }
  const isServing = state.assignedAgentId === userId && state.assignedAt === session.since
  return isServing ? undefined : 'connector.messaging.agent-not-authorized'
}

export function sessionWrite(
  conversationId: string,
  readVersion: number,
  session: BotSession,
): DocumentWrite {
  return { kind: SESSION, id: conversationId, readVersion, state: session }
}

/** The consumer sees that the bot is writing. It is shown at most: the conversation may be another one's by now. */
export async function showTyping(
  { conversations }: Pick<BotAgentsDeps, 'conversations'>,
  accountId: string,
  conversationId: string,
  { userId, pid }: { userId: string; pid: string },
): Promise<void> {
  const composing = { conversationId, dialogId: conversationId, chatState: 'COMPOSING' }
  try {
    await conversations.publishChatState(accountId, { kind: 'bot', userId, pid }, composing)
  } catch (error) {
    if (!(error instanceof ParleyError)) throw error
  }
}
