import type { BotAction, BotIntent, BotMessage } from '@parley/contract'
import type { InvocationRecord } from '#faas/records'
import type { CommitOperation, DocumentWrite, OutboxEnd, OutboxInsert } from '#base/store'
import { isRefusal } from '#base/kernel'
import { actionRow } from './action-row.ts'
import type { BotDecision } from './channel.ts'
import type { BotAgentsDeps } from './deps.ts'
import { errorRow, type Failure } from './errors.ts'
import { type Escalate, prepareEscalation } from './escalate.ts'
import { prepareAction, withSkillId } from './perform.ts'
import type { Served } from './next-step.ts'
import { sayUntilPause } from './say.ts'
import { wakeRow } from './wake.ts'
import { type BotSession, SESSION } from './session.ts'
import { pauseUntil } from './pauses.ts'

const UNKNOWN_ACTION = 'pipes.verify-ai-response.no-messages-and-not-supported-action'

/** What becomes of a turn. */
export interface TurnEnd {
  messages: readonly BotMessage[]
  action?: BotAction | undefined
  /** Why an action is left out: told, once its messages are said. */
  unknownAction?: string | undefined
  /** The bot could not answer: the conversation is escalated after the messages. */
  failure?: Failure | undefined
  /** What was asked and answered: told with whatever fails. */
  detail?: unknown
  /** Escalates without an error. */
  gives?: boolean
  /** To be told with the first message. */
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
  { accountId, bot, channel, conversation, version }: Served,
  completesRow: OutboxEnd,
  end: TurnEnd,
): Promise<void> {
  const { conversationId } = conversation
  const { detail, intents } = end
  const action = await withSkillId(deps, accountId, end.action)
  const isOfConversation = action && action.type !== 'invoke' && action.type !== 'escalate'
  const prepared = isOfConversation
    ? await prepareAction(deps, accountId, { bot, channel, conversation }, action)
    : undefined
  const wanted = { messages: end.messages.length, action }
  const failed = (failure: Failure) => errorRow(deps, bot, conversationId, { ...failure, detail })
  let outcome: Outcome = { outbox: [], arm: [], session: end.session, typing: false }

  let escalation: Promise<Escalate> | undefined
  const give = async (decision: BotDecision) => {
    escalation ??= prepareEscalation(deps, accountId, channel, bot, conversation)
    const escalate = await escalation
    const second = await escalate(decision, end.session.intents)
    if (second) outcome.outbox.push(failed(second))
  }
  const fail = async (decision: BotDecision, failure: Failure) => {
    outcome.outbox.push(failed(failure))
    await give(decision)
  }
  const act = async (decision: BotDecision): Promise<void> => {
    const said = sayUntilPause(decision, end.messages, intents)
    if (said.failed !== undefined) {
      return await fail(decision, { error: channel.errorOf('say', wanted), reason: said.failed })
    }
    if (said.fell !== undefined) {
      const error = channel.errorOf('say', wanted)
      outcome.outbox.push(failed({ error, reason: said.fell }))
    }
    if (end.unknownAction !== undefined) {
      outcome.outbox.push(failed({ error: UNKNOWN_ACTION, reason: end.unknownAction }))
    }
    if (said.pause) {
      const { ms, typing, rest: messages, untold } = said.pause
      const at = decision.at + ms
      const told = detail !== undefined && { detail }
      const rest = { at, messages, ...(action && { action }), ...(untold && { untold }), ...told }
      outcome.session = { ...end.session, rest }
      outcome.arm.push(pauseUntil(at, conversation))
      outcome.typing = typing
      return
    }
    if (end.failure) return await fail(decision, end.failure)
    if (end.more) outcome.outbox.push(wakeRow(conversation))
    if (end.gives || action?.type === 'escalate') await give(decision)
    if (action?.type === 'invoke') outcome.outbox.push(actionRow(conversation, bot, action, detail))
    if (!prepared) return
    if ('refused' in prepared) return await fail(decision, prepared.refused)
    try {
      await prepared.perform(decision)
    } catch (error) {
      if (!isRefusal(error)) throw error
      await fail(decision, { error: prepared.error, reason: error.message })
    }
  }

  await channel.change(
    accountId,
    bot,
    conversation,
    async (decision) => {
      outcome = { outbox: [], arm: [], session: end.session, typing: false }
      if (!decision.lost) return await act(decision)
      // Somebody was faster than the vendor: what it said is for nobody.
      outcome.outbox.push(failed({ error: channel.errorOf(decision.lost, wanted) }))
    },
    {
      completesRow,
      invocations: end.records,
      more: () => ({
        documents: [sessionWrite(conversationId, version, outcome.session)],
        outbox: outcome.outbox,
        arm: outcome.arm,
      }),
    },
  )
  if (outcome.typing) await channel.showTyping(accountId, bot, conversationId)
}

export function sessionWrite(
  conversationId: string,
  readVersion: number,
  session: BotSession,
): DocumentWrite {
  return { kind: SESSION, id: conversationId, readVersion, state: session }
}
