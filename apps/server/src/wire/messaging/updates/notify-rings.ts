import type { ConversationState, Ring } from '@parley/contract'
import type { Reader } from '#messaging/reading'
import { notificationFrame } from '#wire/messaging/format'
import type { Session } from './session.ts'

/** Who is rung sees what it is asked to take, though it may have lost the skill meanwhile. */
export function asRung(reader: Reader): Reader {
  return { ...reader, supervises: true }
}

/** Tells an agent of the rings that ask it, and once more when one is over. */
export function notifyRings(session: Session, state: ConversationState): void {
  const { routing, reader } = session
  if (!routing) return
  const changes = state.rings
    .filter(({ userId }) => userId === reader.userId)
    .flatMap((ring) => {
      if (ring.state === 'WAITING') {
        if (routing.shown.has(ring.ringId)) return []
        routing.shown.add(ring.ringId)
        return [ringChange('UPSERT', session.accountId, state, ring)]
      }
      if (!routing.shown.delete(ring.ringId)) return []
      return [ringChange('DELETE', session.accountId, state, ring)]
    })
  if (changes.length > 0) sendRings(session, routing.subscriptionId, changes)
}

/** The first notification after subscribing: what waits for an answer now, perhaps nothing. */
export function notifyFirstRings(session: Session, states: readonly ConversationState[]): void {
  const { routing, reader, accountId } = session
  if (!routing) return
  const changes = states.flatMap((state) =>
    state.rings
      .filter(({ userId, state: ring }) => userId === reader.userId && ring === 'WAITING')
      .map((ring) => {
        routing.shown.add(ring.ringId)
        return ringChange('UPSERT', accountId, state, ring)
      }),
  )
  sendRings(session, routing.subscriptionId, changes)
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

function sendRings({ connection }: Session, subscriptionId: string, changes: object[]): void {
  connection.send(
    notificationFrame('.ams.routing.RoutingTaskNotification', { subscriptionId, changes }),
  )
}
