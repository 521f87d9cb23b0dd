import { type AutomaticMessage, type ChangeFacts, effectiveMessage } from '@parley/contract'
import { type RaisedEvent, raisedEvent } from '@parley/contract/events'
import type { Settings } from '#identity/settings'
import type { Conversations } from '#messaging/conversations'
import type { Delivery, OutboxRow } from '#base/delivery'
import type { InvocationRecord } from '#faas/records'
import type { Clock } from '#base/kernel'
import type { OutboxEnd, Store } from '#base/store'
import { type AskDeps, askFunction, type FunctionAnswer, invocationIdOf } from './ask-function.ts'
import { CONSUMER } from './automatic-messages.ts'
import { idleTimings } from './idle-timings.ts'
import { findLateFacts, LATE_CONSUMER } from './late-answers.ts'
import { isLoop, nextCause } from './loop-guard.ts'
import type { Patience } from './patience.ts'
import { planAnswer } from './plan.ts'
import { readCommands } from '@parley/contract/read-commands'
import type { MessageSettings } from './repository.ts'

export interface HandleDeps extends AskDeps {
  store: Store
  clock: Clock
  conversations: Pick<Conversations, 'applyBotActions'>
  delivery: Delivery
  settings: Pick<Settings, 'get'>
  messageSettings: MessageSettings
  patience: Patience
}

type Row = OutboxRow<ChangeFacts>

/**
 * Handles one change of a conversation: asks the function of its event, then does what it answered, in the commit that
 * ends the row. A failing function is tried again by delivery's policy. Where the answer takes too long the default message goes out,
 * and the row goes on as a late one.
 */
export async function handleChange(deps: HandleDeps, row: Row): Promise<void> {
  const raised = await eventToHandle(deps, row)
  if (!raised) return await deps.delivery.end(row)
  if (raised.invokesFunction) {
    const { messaging } = await deps.settings.get(row.accountId)
    deps.patience.begin(row, messaging.defaultMessageAfterMs, () => loseRow(deps, row, raised))
  }
  const { result, records } = await ask(deps, row, raised)
  await answer(deps, row, raised, result, records)
}

/**
 * After the last attempt: a function that failed to the last counts as one that returned nothing. Where even that cannot
 * be done the row becomes a dead letter.
 */
export async function giveUp(deps: HandleDeps, row: Row): Promise<void> {
  const raised = await eventToHandle(deps, row)
  if (!raised) return await deps.delivery.end(row)
  await answer(deps, row, raised, undefined, [])
}

/** Asks again about an event whose default message has gone out: what the function says now is applied when it comes. */
export async function handleLate(deps: HandleDeps, row: Row): Promise<void> {
  const raised = await eventToHandle(deps, row)
  if (!raised) return await deps.delivery.end(row)
  const { result, records } = await ask(deps, row, raised)
  await apply(deps, row, raised, result, records)
}

/** With the account's switch off there are neither messages nor functions. */
async function eventToHandle(
  { settings }: HandleDeps,
  { accountId, facts }: Row,
): Promise<RaisedEvent | undefined> {
  const { controllerBotEnabled } = await settings.get(accountId)
  return controllerBotEnabled ? raisedEvent(facts) : undefined
}

/** @throws when the function failed; its record is kept */
async function ask(deps: HandleDeps, row: Row, raised: RaisedEvent): Promise<FunctionAnswer> {
  const messageSettings = await deps.messageSettings.get(row.accountId)
  const timings = idleTimings(messageSettings, row.facts.conversation.skillId)
  const asked = await askFunction(deps, row, raised, timings)
  if (asked.failure === undefined) return asked
  for (const record of asked.records) deps.invocations.record(record)
  throw new Error(`The function failed with ${asked.failure}`)
}

/** The default message goes out, once: the mark of the row is in its commit. The events behind this one go on. */
async function loseRow(deps: HandleDeps, row: Row, raised: RaisedEvent): Promise<void> {
  const { accountId, facts } = row
  const { conversationId } = facts.conversation
  const message = await messageFor(deps, row, raised)
  // It may have been switched off meanwhile.
  const { controllerBotEnabled } = await deps.settings.get(accountId)
  await deps.conversations.applyBotActions(accountId, conversationId, {
    actions:
      message.active && controllerBotEnabled
        ? [{ type: 'message', text: message.text, isDefault: true }]
        : [],
    invocationId: invocationIdOf(row),
    completesRow: (applied) => ({
      outboxId: row.id,
      consumer: CONSUMER,
      goesOnAs: {
        consumer: LATE_CONSUMER,
        orderingKey: row.orderingKey,
        mark: { late: { at: deps.clock.now(), said: applied.some((action) => action.applied) } },
      },
    }),
    causedBy: causeOf(row, raised),
    evenWhenClosed: hasEnded(row),
  })
}

async function answer(
  deps: HandleDeps,
  row: Row,
  raised: RaisedEvent,
  result: unknown,
  records: readonly InvocationRecord[],
): Promise<void> {
  const status = await apply(deps, row, raised, result, records)
  deps.patience.end(row)
  if (status === 'applied') return
  // This node or another one has sent the default message meanwhile. Else the event has been answered already.
  const facts = await findLateFacts(deps.store.db, row.accountId, row.id)
  if (facts) await apply(deps, { ...row, facts }, raised, result, records)
}

/** `gone`: the row is not what it was, nothing was applied. */
async function apply(
  deps: HandleDeps,
  row: Row,
  raised: RaisedEvent,
  result: unknown,
  records: readonly InvocationRecord[],
): Promise<'applied' | 'gone'> {
  const { conversations, delivery, settings } = deps
  const { accountId, facts } = row
  const { conversationId, skillId } = facts.conversation
  const cause = causeOf(row, raised)
  const { controllerBotEnabled, transferToAgentEnabled } = await settings.get(accountId)
  const plan = planAnswer(readCommands(result), {
    accountId,
    eventId: raised.eventId,
    message: await messageFor(deps, row, raised),
    hasEnded: hasEnded(row),
    isOff: !controllerBotEnabled,
    late: facts.late,
    isLoop: isLoop(cause, raised.eventId),
    transferToAgentEnabled,
  })
  const completesRow: OutboxEnd = {
    outboxId: row.id,
    consumer: facts.late ? LATE_CONSUMER : CONSUMER,
  }
  if (plan.actions.length === 0 && records.length === 0) {
    const { status } = await delivery.commit({ accountId, documents: [], completesRow })
    return status === 'gone' ? status : 'applied'
  }
  const { status } = await conversations.applyBotActions(accountId, conversationId, {
    actions: plan.actions,
    ...(raised.invokesFunction && { invocationId: invocationIdOf(row) }),
    completesRow,
    invocations: (applied) => deps.invocations.withCommands(records, plan.outcomes(applied)),
    causedBy: cause,
    ...(facts.late && { onlyWithSkill: skillId }),
    evenWhenClosed: hasEnded(row),
  })
  return status
}

function causeOf({ id, facts }: Row, { eventId }: RaisedEvent): ReturnType<typeof nextCause> {
  return nextCause(id, facts.change.kind, eventId, facts.causedBy)
}

function hasEnded({ facts }: Row): boolean {
  return facts.change.kind === 'closed'
}

/** The automatic message in force; not active for a change of which the consumer is not told. */
async function messageFor(
  { messageSettings, settings }: HandleDeps,
  { accountId, facts: { conversation } }: Row,
  { type, sendsMessage }: RaisedEvent,
): Promise<AutomaticMessage> {
  const own = await messageSettings.get(accountId)
  const { language } = await settings.get(accountId)
  const { skillId, context } = conversation
  const message = effectiveMessage(own, type, skillId, context?.lang, language)
  return { ...message, active: message.active && sendsMessage }
}
