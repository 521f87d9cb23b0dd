import { isDeepStrictEqual } from 'node:util'
import type { ConversationState } from '@parley/contract'
import { conversationFigures } from '#messaging/figures'
import { adjustTimers, CONVERSATION_TIMER, type Decision } from '#messaging/rules'
import { joined, ParleyError } from '#base/kernel'
import { runInAll } from '#base/kit'
import { storedState, type Versioned } from '#messaging/reading'
import type { CommitOperation, MessageInsert, OutboxEnd, OutboxInsert } from '#base/store'
import { isOffHours } from './account-lookups.ts'
import type { ChangeOptions, CommitExtra } from './change-options.ts'
import type { WriteDeps } from './deps.ts'
import {
  asWrite,
  changeDocuments,
  dialogWrites,
  type DocumentChange,
  forgetDocuments,
  queueKeysOf,
  touchedDocuments,
} from './document-writes.ts'
import { observerRows } from './observers.ts'
import { timerRules } from './timer-rules.ts'

export type DecisionOutcome = 'applied' | 'stale' | 'gone' | 'duplicate'

/** Refusals that may rest on documents that another node has changed meanwhile. */
const PERHAPS_STALE = new Set(['agent_busy', 'consumer_has_conversation'])

/**
 * Commits a decision with all that it causes: slots of agents, the consumer's record, timers, routing, the rows of
 * observers. Runs in the turn of the conversation's key; the keys of the other documents are taken here.
 */
export async function commitDecision(
  deps: WriteDeps,
  accountId: string,
  before: Versioned<ConversationState> | undefined,
  decision: Decision,
  options: ChangeOptions & { mayBeStale: boolean },
): Promise<DecisionOutcome> {
  const { state, messages } = decision
  const { conversationId } = state
  const touched = touchedDocuments(before?.state, state)
  return await runInAll(deps.queue, queueKeysOf(accountId, touched), async () => {
    let changes: DocumentChange[]
    try {
      changes = await changeDocuments(deps, accountId, before?.state, state, touched)
    } catch (error) {
      forgetDocuments(deps, accountId, conversationId, touched)
      const perhapsStale = error instanceof ParleyError && PERHAPS_STALE.has(error.code)
      if (perhapsStale && options.mayBeStale) return 'stale'
      throw error
    }
    const extra = options.extra?.() ?? {}
    const readVersion = before?.version ?? 0
    const outbox = [
      ...(extra.outbox ?? []),
      ...deps.routingRows(before?.state, state, touched.freed, readVersion + 1),
      ...(await changeRows(deps, accountId, decision, options)),
      ...(await deps.connectorRows.ofChange(accountId, state, messages)),
    ]
    const rules = await timerRules(deps, accountId, state.skillId)
    const timers = adjustTimers(state, rules, { at: decision.at, before: before?.state })
    // Where there was nothing to do, only what asked for it ends, if the conversation still is as it was read.
    const isSame = before !== undefined && isUnchanged(before.state, decision)
    const figures = [...conversationFigures(before?.state, decision), ...(extra.figures ?? [])]
    const operation: CommitOperation = {
      accountId,
      documents: [
        {
          kind: 'conversation',
          id: conversationId,
          readVersion,
          state: isSame ? null : storedState(state),
        },
        ...changes.map(asWrite),
        ...dialogWrites(before?.state, state),
        ...(extra.documents ?? []),
      ],
      ...(messages.length > 0 && { messages: messageInserts(decision, options.requestKey) }),
      ...(outbox.length > 0 && { outbox }),
      ...(figures.length > 0 && { figures }),
      ...timerWrites(conversationId, timers, extra),
      ...(options.completesRow && { completesRow: rowEnd(options.completesRow) }),
      ...(options.completesTimer && { completesTimer: options.completesTimer }),
      ...(options.invocations && { invocations: options.invocations() }),
    }
    const version = isSame ? readVersion : readVersion + 1
    // The rows of this commit look at what is remembered: it must be what was committed.
    const { status } = await deps.delivery.commit(operation, () => {
      deps.documents.keep('conversation', accountId, conversationId, { version, state })
      for (const { kind, id, next } of changes) deps.documents.keep(kind, accountId, id, next)
    })
    if (status === 'stale') forgetDocuments(deps, accountId, conversationId, touched)
    if (status !== 'applied' || isSame) return status
    deps.reading.updates.publish({ accountId, conversationId, version, state, messages })
    return 'applied'
  })
}

/** Whether the decision leaves the conversation as it was. */
export function isUnchanged(
  before: ConversationState,
  { state, messages, changes }: Decision,
): boolean {
  return messages.length === 0 && changes.length === 0 && isDeepStrictEqual(before, state)
}

/** The account's calendar is read only when something has changed and there are observers. */
async function changeRows(
  { accounts, observers }: WriteDeps,
  accountId: string,
  decision: Decision,
  { clientIp, clientProperties, causedBy }: ChangeOptions,
): Promise<OutboxInsert[]> {
  if (decision.changes.length === 0 || observers.length === 0) return []
  const offHours = await isOffHours(accounts, accountId, decision.state.skillId, decision.at)
  return observerRows(observers, decision, { clientIp, clientProperties, causedBy, offHours })
}

function rowEnd(end: NonNullable<ChangeOptions['completesRow']>): OutboxEnd {
  return typeof end === 'function' ? end() : end
}

function timerWrites(
  conversationId: string,
  timers: ReturnType<typeof adjustTimers>,
  extra: CommitExtra,
): Pick<CommitOperation, 'arm' | 'disarm'> {
  const key = (name: string) => joined(conversationId, name)
  const kind = CONVERSATION_TIMER
  const arm = timers.arm.map(({ name, dueAt }) => {
    return { kind, key: key(name), dueAt, facts: { conversationId, name } }
  })
  const disarm = timers.disarm.map((name) => ({ kind, key: key(name) }))
  return {
    arm: [...arm, ...(extra.arm ?? [])],
    disarm: [...disarm, ...(extra.disarm ?? [])],
  }
}

/** Only the message that a client asked for carries its request key. */
function messageInserts({ messages }: Decision, requestKey: string | undefined): MessageInsert[] {
  return messages.map(({ conversationId, dialogId, sequence, at, ...body }, index) => ({
    conversationId,
    dialogId,
    sequence,
    at,
    body,
    ...(index === 0 && requestKey !== undefined && { requestKey }),
  }))
}
