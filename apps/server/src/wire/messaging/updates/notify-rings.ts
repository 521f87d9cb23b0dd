import { unlessGone } from '#base/kit'
import type { ConversationState, Ring } from '@parley/contract'
import type { Reader } from '#messaging/reading'
import { notificationFrame } from '#wire/messaging/format'
import { endLate } from './bounds.ts'
import type { Deps } from './deps.ts'
import type { Notifier } from './notifier.ts'
import type { AgentSession } from './session.ts'

export const ringNotifier: Notifier = {
  conversationUpdated({ state }) {
    return (session) => {
      if (session.side === 'agent') notifyRings(session, state)
    }
  },
  async catchUp(deps, session) {
    if (session.side === 'agent') await sendMissedRings(deps, session)
  },
}

/** The reader of an agent that is rung: it may see the conversation even if it has lost the skill meanwhile. */
export function asRung(reader: Reader): Reader {
  return { ...reader, readsAll: true }
}

/** Notifies an agent of each of its rings twice: when the ring waits for an answer, and when it no longer does. */
function notifyRings(session: AgentSession, state: ConversationState): void {
  const { routing, reader } = session
  if (!routing) return
  const own = state.rings.filter(({ userId }) => userId === reader.userId)
  if (routing.held) {
    if (own.length > 0 && !routing.held.push(state)) endLate(session)
    return
  }
  const changes = own.flatMap((ring) => {
    if (ring.state === 'WAITING') {
      if (routing.shown.has(ring.ringId)) return []
      routing.shown.set(ring.ringId, true)
      return [ringChange('UPSERT', session.accountId, state, ring)]
    }
    if (!routing.shown.delete(ring.ringId)) return []
    return [ringChange('DELETE', session.accountId, state, ring)]
  })
  if (changes.length > 0) sendRings(session, routing.subscriptionId, changes)
}

/**
 * Sends the first notification of a subscription: all rings that wait for an answer, even if there are none. A ring may have ended since
 * its conversation was read: what counts is what this node knows now.
 */
export function notifyFirstRings(
  { reading }: Pick<Deps, 'reading'>,
  session: AgentSession,
  read: readonly ConversationState[],
): void {
  const { routing, reader, accountId } = session
  if (!routing) return
  const states = read.map(
    (state) => reading.peekConversation(accountId, state.conversationId)?.state ?? state,
  )
  const changes = states.flatMap((state) =>
    state.rings
      .filter(({ userId, state: ring }) => userId === reader.userId && ring === 'WAITING')
      .map((ring) => {
        routing.shown.set(ring.ringId, true)
        return ringChange('UPSERT', accountId, state, ring)
      }),
  )
  sendRings(session, routing.subscriptionId, changes)
  goOnWithRings(session)
}

/** Notifies of what has changed while the first list was read, as it is now: a ring that has ended since has not begun for its client. */
export function goOnWithRings(session: AgentSession): void {
  const { routing } = session
  const held = routing?.held?.items ?? []
  if (routing) routing.held = undefined
  const newest = new Map(held.map((state) => [state.conversationId, state]))
  for (const state of newest.values()) notifyRings(session, state)
}

/** Rings that have begun, and those that have ended. */
async function sendMissedRings({ reading, routing }: Deps, session: AgentSession): Promise<void> {
  const { accountId, reader, routing: subscription } = session
  if (!subscription) return
  const slots = await routing.readSlots(accountId, reader.userId)
  // A ring's id begins with its conversation's.
  const shown = [...subscription.shown.keys()].map((ringId) => ringId.split('_', 1)[0] ?? '')
  for (const conversationId of new Set([...slots, ...shown])) {
    const read = reading.getConversation(accountId, asRung(reader), conversationId)
    const state = await unlessGone(read)
    if (state) notifyRings(session, state)
  }
}

function ringChange(
  type: 'UPSERT' | 'DELETE',
  accountId: string,
  state: ConversationState,
  ring: Ring,
) {
  return {
    type,
    result: {
      routingTaskId: ring.ringId,
      taskCompleted: ring.state !== 'WAITING',
      conversationId: state.conversationId,
      consumerId: state.consumerId,
      skillId: state.skillId,
      brandId: accountId,
      ...(state.assignedAgentId !== undefined && {
        assignedAgentId: `${accountId}.${state.assignedAgentId}`,
      }),
      ringsDetails: [
        {
          ringId: ring.ringId,
          ringState: ring.state,
          ringExpiration: ring.expiresAt - ring.startedAt,
          ringExpirationTs: ring.expiresAt,
          weight: 1,
          brandId: accountId,
          convId: state.conversationId,
          consumerId: state.consumerId,
          skillId: state.skillId,
        },
      ],
    },
  }
}

function sendRings({ connection }: AgentSession, subscriptionId: string, changes: object[]): void {
  connection.send(
    notificationFrame('.ams.routing.RoutingTaskNotification', { subscriptionId, changes }),
  )
}
