import type { ChangeFacts, IdleTimings } from '@parley/contract'
import type { RaisedEvent } from '@parley/contract/events'
import type { OutboxRow } from '#base/delivery'
import type { Invocations } from '#faas/invocations'
import { type Logger, uuidOf } from '#base/kernel'
import type { InvocationRecord } from '#faas/records'
import { isLoop } from './loop-guard.ts'
import { messagingPayload } from './payload.ts'

export interface AskDeps {
  invocations: Pick<Invocations, 'invokeEvent' | 'record' | 'recordSkipped' | 'withCommands'>
  logger: Logger
}

export interface FunctionAnswer {
  /** What was returned; several functions' results are one list. `undefined` when nothing was asked. */
  result: unknown
  records: InvocationRecord[]
  /** Set when a function failed: then no result counts. */
  failure?: string
}

const NOT_ASKED: FunctionAnswer = { result: undefined, records: [] }
const LOOP = 'Functions have caused this event twice in a row: not called again until somebody acts'

/** The same however often an event is tried, so that a function can recognise a repetition. */
export function invocationIdOf({
  accountId,
  id,
}: Pick<OutboxRow<ChangeFacts>, 'accountId' | 'id'>) {
  return uuidOf(`controller-bot/${accountId}/${id}`)
}

/** Invokes what is deployed for the event, unless a rule keeps this change from being an event for functions. */
export async function askFunction(
  { invocations, logger }: AskDeps,
  row: OutboxRow<ChangeFacts>,
  raised: RaisedEvent,
  timings: IdleTimings,
): Promise<FunctionAnswer> {
  const { accountId, facts } = row
  const { conversationId, skillId } = facts.conversation
  const { eventId } = raised
  if (!raised.invokesFunction) return NOT_ASKED
  const event = {
    eventId,
    skillId,
    conversationId,
    invocationId: invocationIdOf(row),
    source: 'Controller Bot',
    attempt: row.attempt,
    payload: messagingPayload(accountId, raised, facts, timings),
  }
  if (isLoop(facts.causedBy, eventId)) {
    logger.warn({ accountId, conversationId, eventId }, LOOP)
    return { result: undefined, records: await invocations.recordSkipped(accountId, event, LOOP) }
  }

  const { functions } = await invocations.invokeEvent(accountId, event)
  const records = functions.map(({ record }) => record)
  const failed = functions.find(({ outcome }) => !outcome.ok)
  if (failed && !failed.outcome.ok) {
    return { result: undefined, records, failure: failed.outcome.errorCode }
  }
  const results = functions.flatMap(({ outcome }) => (outcome.ok ? [outcome.result] : []))
  return { result: results.length === 1 ? results[0] : results.flat(1), records }
}
