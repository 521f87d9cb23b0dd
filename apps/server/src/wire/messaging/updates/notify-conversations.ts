import type { ConversationState } from '@parley/contract'
import { type ConversationUpdate, maySee, type Versioned } from '#messaging/reading'
import { agentConversation, consumerConversation, type Side } from '#wire/messaging/format'
import type { ConversationSubscription, Session } from './session.ts'

/** A conversation in a side's words, rendered once for all of its sockets. */
export interface Rendering {
  of(side: Side): string
}

export function renderingOf(accountId: string, state: ConversationState): Rendering {
  const rendered: Partial<Record<Side, string>> = {}
  return {
    of(side) {
      rendered[side] ??= JSON.stringify(
        side === 'agent' ? agentConversation(accountId, state) : consumerConversation(state),
      )
      return rendered[side]
    },
  }
}

/** Shows a change to a subscription: UPSERT while it matches, one DELETE when it does no more. */
export function notifyConversation(
  session: Session,
  subscription: ConversationSubscription,
  update: ConversationUpdate,
  rendering: Rendering,
): void {
  if (subscription.held) {
    subscription.held.push(update)
    return
  }
  const { conversationId, version, state } = update
  const { shown } = subscription
  if (version < (shown.get(conversationId) ?? 0)) return
  if (maySee(session.reader, state) && matches(subscription, state)) {
    shown.set(conversationId, version)
    sendChanges(session, subscription, [change('UPSERT', rendering.of(session.side))])
  } else if (shown.delete(conversationId)) {
    sendChanges(session, subscription, [change('DELETE', rendering.of(session.side))])
  }
}

/** The first notification: everything that matches, perhaps nothing. */
export function notifyFirst(
  session: Session,
  subscription: ConversationSubscription,
  conversations: readonly Versioned<ConversationState>[],
): void {
  const { accountId, side } = session
  const matching = conversations.filter(({ state }) => matches(subscription, state))
  for (const { version, state } of matching) subscription.shown.set(state.conversationId, version)
  const changes = matching.map(({ state }) =>
    change('UPSERT', renderingOf(accountId, state).of(side)),
  )
  sendChanges(session, subscription, changes)
  const held = subscription.held ?? []
  subscription.held = undefined
  const shown = new Map(conversations.map(({ version, state }) => [state.conversationId, version]))
  for (const update of held) {
    if (update.version <= (shown.get(update.conversationId) ?? 0)) continue
    notifyConversation(session, subscription, update, renderingOf(accountId, update.state))
  }
}

/** Everything once more: what matches, and the end of what was shown and does so no more. */
export function notifyAgain(
  session: Session,
  subscription: ConversationSubscription,
  conversations: readonly Versioned<ConversationState>[],
): void {
  const { accountId, side } = session
  const over = conversations.filter(
    ({ state }) => !matches(subscription, state) && subscription.shown.delete(state.conversationId),
  )
  if (over.length > 0) {
    const changes = over.map(({ state }) =>
      change('DELETE', renderingOf(accountId, state).of(side)),
    )
    sendChanges(session, subscription, changes)
  }
  notifyFirst(session, subscription, conversations)
}

export function matches(
  { states, stages, agentIds, updatedSince }: Omit<ConversationSubscription, 'subscriptionId'>,
  state: ConversationState,
): boolean {
  if (stages && !stages.includes(state.stage)) return false
  // `convState` is the older spelling; a conversation in its survey is still going on for its clients.
  if (states && !states.includes(state.stage) && !states.includes(state.state)) return false
  if (updatedSince !== undefined && state.updatedAt < updatedSince) return false
  return !agentIds || isWithOneOf(state, agentIds)
}

function isWithOneOf({ dialogs }: ConversationState, agentIds: readonly string[]): boolean {
  return dialogs.some(({ participants }) =>
    participants.some(
      ({ userId, pid, role }) =>
        role !== 'CONSUMER' && (agentIds.includes(userId) || agentIds.includes(pid)),
    ),
  )
}

function change(type: 'UPSERT' | 'DELETE', result: string): string {
  return `{"type":"${type}","result":${result}}`
}

function sendChanges(
  { side, connection }: Session,
  { subscriptionId }: ConversationSubscription,
  changes: readonly string[],
): void {
  const type = side === 'agent' ? '.ams.aam' : 'cqm'
  connection.send(
    `{"kind":"notification","type":"${type}.ExConversationChangeNotification","body":` +
      `{"subscriptionId":"${subscriptionId}","changes":[${changes.join(',')}]}}`,
  )
}
