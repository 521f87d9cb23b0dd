import type { ConversationState } from '@parley/contract'
import { boundedList } from '#base/bounds'
import {
  type ConversationUpdate,
  type ListFilter,
  maySee,
  type Versioned,
} from '#messaging/reading'
import { formatConversation, formatErased, type Side } from '#wire/messaging/format'
import { endLate, HELD } from './bounds.ts'
import type { Deps } from './deps.ts'
import type { Notifier } from './notifier.ts'
import type { ConversationSubscription, Session } from './session.ts'

export const conversationNotifier: Notifier = {
  conversationUpdated(update) {
    const rendering = render(update.state)
    return (session) => {
      for (const subscription of session.conversations?.values() ?? []) {
        notifyConversation(session, subscription, update, rendering)
      }
    }
  },
  conversationErased(conversationId) {
    return (session) => {
      for (const subscription of session.conversations?.values() ?? []) {
        if (!subscription.shown.delete(conversationId)) continue
        const last = JSON.stringify(formatErased(session, conversationId))
        sendChanges(session, subscription, [change('DELETE', last)])
      }
    }
  },
  async rightsChanged({ reading }: Deps, session: Session) {
    for (const subscription of session.conversations?.values() ?? []) {
      subscription.held ??= boundedList(HELD)
      await notifyOutOfSight(reading, session, subscription)
      const { accountId, reader } = session
      const found = await reading.readConversations(accountId, reader, listFilterOf(subscription))
      notifyFirstConversations({ reading }, session, subscription, found)
    }
  },
}

/** What is read for a subscription: no more than it asks for. */
export function listFilterOf({
  states,
  stages,
  agentIds,
  updatedSince,
}: Pick<ConversationSubscription, 'states' | 'stages' | 'agentIds' | 'updatedSince'>): ListFilter {
  // A conversation whose stage is CLOSE has no open dialog.
  const isOpenOnly = [states, stages].some((wanted) => wanted?.every((value) => value === 'OPEN'))
  return {
    agentIds,
    ...(isOpenOnly && { stages: ['OPEN'] }),
    ...(updatedSince !== undefined && { updatedSince }),
  }
}

/** A conversation as JSON: rendered once for each side, however many sessions get it. */
interface Rendering {
  of(session: Session): string
}

function render(state: ConversationState): Rendering {
  const bySide: Partial<Record<Side, string>> = {}
  return {
    of: (session) => (bySide[session.side] ??= JSON.stringify(formatConversation(session, state))),
  }
}

/** Sends an update to a subscription: UPSERT while the conversation matches, one DELETE when it no longer does. */
function notifyConversation(
  session: Session,
  subscription: ConversationSubscription,
  update: ConversationUpdate,
  rendering: Rendering,
): void {
  if (subscription.held) {
    if (!subscription.held.push(update)) endLate(session)
    return
  }
  const { conversationId, version, state } = update
  const { shown } = subscription
  if (version < (shown.get(conversationId) ?? 0)) return
  if (maySee(session.reader, state) && matches(subscription, state)) {
    shown.set(conversationId, version)
    sendChanges(session, subscription, [change('UPSERT', rendering.of(session))])
  } else if (shown.delete(conversationId)) {
    const isSeen = maySee(session.reader, state)
    const last = isSeen ? rendering.of(session) : render(outOfSight(state)).of(session)
    sendChanges(session, subscription, [change('DELETE', last)])
  }
}

/** A conversation for who may no longer see it: the published shape, without what was said and by whom. */
function outOfSight(state: ConversationState): ConversationState {
  const { lastContent: _content, context: _context, clientProperties: _client, ...rest } = state
  return { ...rest, dialogs: state.dialogs.map((dialog) => ({ ...dialog, participants: [] })) }
}

/** Sends a DELETE for what the client was sent and may not see any more: its rights have changed. */
async function notifyOutOfSight(
  reading: Deps['reading'],
  session: Session,
  subscription: ConversationSubscription,
): Promise<void> {
  const { accountId, reader } = session
  // Updates that come meanwhile change what is shown.
  const shown = [...subscription.shown.keys()]
  for await (const states of reading.readStates(accountId, shown)) {
    for (const state of states) {
      if (maySee(reader, state) || !subscription.shown.delete(state.conversationId)) continue
      sendChanges(session, subscription, [change('DELETE', render(outOfSight(state)).of(session))])
    }
  }
}

/**
 * Sends the first notification of a subscription: all conversations that match, even if there are none. Since they were read, the client
 * may have been sent newer ones, and its rights may have changed: what counts is what this node knows now.
 */
export function notifyFirstConversations(
  { reading }: Pick<Deps, 'reading'>,
  session: Session,
  subscription: ConversationSubscription,
  conversations: readonly Versioned<ConversationState>[],
): void {
  const { accountId, reader } = session
  const matching = conversations
    .map((read) => {
      const known = reading.peekConversation(accountId, read.state.conversationId)
      return known && known.version > read.version ? known : read
    })
    .filter(({ state }) => maySee(reader, state) && matches(subscription, state))
  for (const { version, state } of matching) subscription.shown.set(state.conversationId, version)
  const changes = matching.map(({ state }) => change('UPSERT', render(state).of(session)))
  sendChanges(session, subscription, changes)
  const held = subscription.held?.items ?? []
  subscription.held = undefined
  const sent = new Map(matching.map(({ version, state }) => [state.conversationId, version]))
  for (const update of held) {
    if (update.version <= (sent.get(update.conversationId) ?? 0)) continue
    notifyConversation(session, subscription, update, render(update.state))
  }
}

function matches(
  { states, stages, agentIds, updatedSince }: ConversationSubscription,
  state: ConversationState,
): boolean {
  if (stages && !stages.includes(state.stage)) return false
  // `convState` is the older member: for its clients, a conversation in its survey is still open.
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
