import { isDeepStrictEqual } from 'node:util'
import type { ChangeFacts, ClientProperties } from '@parley/contract'
import type { Decision, NotedChange } from '#messaging/rules'
import type { OutboxInsert } from '#base/store'

/** An outbox consumer that gets a row for every change that it wants, in the commit of the change. */
export interface ChangeObserver {
  /** The name of its outbox consumer. */
  consumer: string
  /** Whether the schema of its facts is `ChangeFacts`, or has it as an alternative. */
  takesChanges: boolean
  wants(facts: ChangeFacts): boolean
}

export interface ChangeCircumstances {
  clientIp?: string | undefined
  clientProperties?: ClientProperties | undefined
  causedBy?: ChangeFacts['causedBy']
  offHours: boolean
}

/** One row for each observer and change, in the order of the changes: the ordering key is the conversation. */
export function observerRows(
  observers: readonly ChangeObserver[],
  decision: Decision,
  circumstances: ChangeCircumstances,
): OutboxInsert[] {
  return decision.changes.flatMap((noted) => {
    const facts = factsOf(decision, noted, circumstances)
    return observers
      .filter((observer) => observer.wants(facts))
      .map(({ consumer, takesChanges }) => ({
        consumer,
        orderingKey: decision.state.conversationId,
        facts: storedFacts(facts),
        ...(takesChanges && { parsed: facts }),
      }))
  })
}

/** Nodes of version 0.1.0 handle these rows, too, while an installation is upgraded. They call a content message `line`. */
function storedFacts(facts: ChangeFacts): object {
  const { change } = facts
  return change.kind === 'message' ? { ...facts, change: { ...change, kind: 'line' } } : facts
}

function factsOf(
  { at, state }: Decision,
  { change, originator, oldState, conversation }: NotedChange,
  { clientIp, clientProperties, causedBy, offHours }: ChangeCircumstances,
): ChangeFacts {
  const ip = clientIp ?? state.clientIp
  const isKnown = isDeepStrictEqual(clientProperties, conversation.clientProperties)
  return {
    change,
    at,
    originator,
    ...(ip && { clientIp: ip }),
    ...(clientProperties && !isKnown && { clientProperties }),
    offHours,
    oldState,
    conversation,
    ...(causedBy && { causedBy }),
  }
}
