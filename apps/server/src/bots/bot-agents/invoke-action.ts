import type { OutboxConsumer } from '#base/delivery'
import { uuidOf } from '#base/kernel'
import { ACTIONS, ActionFacts } from './action-row.ts'
import { answer } from './answer.ts'
import type { BotAgentsDeps } from './deps.ts'
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
      const { botId, action, conversationId, detail } = facts
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
      const failed = !run?.outcome.ok && action.failOnError && served?.bot.botId === botId
      if (!failed || !served) {
        await deps.delivery.commit({ accountId, documents: [], completesRow, invocations: records })
        return
      }
      await answer(deps, served, completesRow, {
        messages: [],
        failure: { error: 'aivendor.faas.failed-bot-action' },
        detail,
        session: served.session,
        records,
      })
    },
  }
}
