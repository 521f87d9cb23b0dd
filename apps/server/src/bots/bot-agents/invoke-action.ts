import type { OutboxConsumer } from '#base/delivery'
import { uuidOf } from '#base/kernel'
import { ACTIONS, ActionFacts } from './action-row.ts'
import { answer } from './answer.ts'
import type { BotAgentsDeps } from './deps.ts'
import { errorRow } from './errors.ts'
import { findServed } from './next-step.ts'

/** As long as a vendor may take. */
const TIME_LIMIT_MS = 30_000

/** Its result is not used. Where the bot wants it, the conversation is escalated when the function fails. */
export function actionConsumer(deps: BotAgentsDeps): OutboxConsumer<ActionFacts> {
  return {
    name: ACTIONS,
    facts: ActionFacts,
    workers: 'functions',
    async handle({ id, accountId, attempt, facts }) {
      const { botId, action, conversationId, detail, since } = facts
      const run = await deps.invocations.invokeOne(accountId, action.functionId, {
        eventId: 'bot_action',
        conversationId,
        invocationId: uuidOf(`bot-action/${accountId}/${id}`),
        source: 'Bot',
        attempt,
        payload: action.payload,
        timeLimitMs: TIME_LIMIT_MS,
      })
      const records = run ? [run.record] : []
      const completesRow = { outboxId: id }
      const served = await findServed(deps, accountId, facts)
      // The conversation may have gone, and come to the bot again, while the function ran.
      const isServed =
        served?.bot.botId === botId &&
        served.conversation.since === (since ?? served.conversation.since)
      const failure = {
        error: 'aivendor.faas.failed-bot-action' as const,
        reason: run ? (run.record.errorMessage ?? undefined) : missing(action.functionId),
      }
      if (run?.outcome.ok || !action.failOnError || !isServed) {
        // A run that has failed is seen among the runs; of one that was not there is no other trace.
        const isMissing = !run && isServed
        await deps.delivery.commit({
          accountId,
          documents: [],
          outbox: isMissing
            ? [errorRow(deps, served.bot, conversationId, { ...failure, detail })]
            : [],
          completesRow,
          invocations: records,
        })
        return
      }
      await answer(deps, served, completesRow, {
        messages: [],
        failure,
        detail,
        session: served.session,
        records,
      })
    },
  }
}

function missing(functionId: string): string {
  return functionId === ''
    ? 'The action names no function: lambdaUuid is missing, or is no text'
    : `No function "${functionId}" is deployed, or functions are off`
}
