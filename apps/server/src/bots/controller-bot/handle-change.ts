import type { AutomaticMessage, ChangeFacts } from '@parley/contract'
import { type CbotEventType, type RaisedEvent, raisedEvent } from '@parley/contract/events'
import type { Settings } from '#identity/settings'
import type { Conversations } from '#messaging/conversations'
import type { Delivery, OutboxRow } from '#base/delivery'
import type { InvocationRecord } from '#faas/records'
import { type AskDeps, askFunction } from './ask-function.ts'
import { effectiveMessage } from './effective-message.ts'
import { idleTimings } from './idle-timings.ts'
import { isLoop, nextCause } from './loop-guard.ts'
import { planAnswer } from './plan.ts'
import { readCommands } from './read-commands.ts'
import type { MessageSettings } from './repository.ts'

export interface HandleDeps extends AskDeps {
  conversations: Pick<Conversations, 'applyBotActions'>
  delivery: Delivery
  settings: Pick<Settings, 'get'>
  messageSettings: MessageSettings
}

/**
 * Handles one change of a conversation: asks the function of its event, then does what it answered, in the commit that
 * ends the row. A failing function is tried again by delivery's policy.
 */
export async function handleChange(deps: HandleDeps, row: OutboxRow<ChangeFacts>): Promise<void> {
  const raised = await eventToHandle(deps, row)
  if (!raised) return await deps.delivery.end(row)
  const messageSettings = await deps.messageSettings.get(row.accountId)
  const timings = idleTimings(messageSettings, row.facts.conversation.skillId)
  const { result, records, failure } = await askFunction(deps, row, raised, timings)
  if (failure !== undefined) {
    for (const record of records) deps.invocations.record(record)
    throw new Error(`The function failed with ${failure}`)
  }
  await answer(deps, row, raised, result, records)
}

/**
 * After the last attempt: a function that failed to the last counts as one that returned nothing. Where even that cannot
 * be done the row becomes a dead letter.
 */
export async function giveUp(deps: HandleDeps, row: OutboxRow<ChangeFacts>): Promise<void> {
  const raised = await eventToHandle(deps, row)
  if (!raised) return await deps.delivery.end(row)
  await answer(deps, row, raised, undefined, [])
}

/** With the account's switch off there are neither messages nor functions. */
async function eventToHandle(
  { settings }: HandleDeps,
  { accountId, facts }: OutboxRow<ChangeFacts>,
): Promise<RaisedEvent | undefined> {
  const { controllerBotEnabled } = await settings.get(accountId)
  return controllerBotEnabled ? raisedEvent(facts) : undefined
}

async function answer(
  { conversations, delivery, settings, messageSettings }: HandleDeps,
  row: OutboxRow<ChangeFacts>,
  { type, eventId }: RaisedEvent,
  result: unknown,
  records: readonly InvocationRecord[],
): Promise<void> {
  const { accountId, facts } = row
  const message = await messageFor(messageSettings, row, type)
  const cause = nextCause(row.id, facts.change.kind, eventId, facts.causedBy)
  const { transferToAgentEnabled } = await settings.get(accountId)
  const hasEnded = facts.change.kind === 'closed'
  const plan = planAnswer(readCommands(result), {
    accountId,
    eventId,
    message,
    hasEnded,
    isLoop: isLoop(cause, eventId),
    transferToAgentEnabled,
  })
  if (plan.actions.length === 0 && records.length === 0) return await delivery.end(row)
  await conversations.applyBotActions(accountId, facts.conversation.conversationId, {
    actions: plan.actions,
    completesRow: { outboxId: row.id },
    invocations: (applied) => {
      const commands = plan.outcomes(applied)
      return records.map((record) => ({ ...record, commands }))
    },
    causedBy: cause,
    evenWhenClosed: hasEnded,
  })
}

async function messageFor(
  messageSettings: MessageSettings,
  { accountId, facts: { conversation } }: OutboxRow<ChangeFacts>,
  type: CbotEventType,
): Promise<AutomaticMessage> {
  const language = conversation.context?.lang
  return effectiveMessage(
    await messageSettings.get(accountId),
    type,
    conversation.skillId,
    language,
  )
}
