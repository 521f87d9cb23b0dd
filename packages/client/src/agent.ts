import * as z from 'zod'
import { login } from './login.ts'
import type { Endpoint } from './request.ts'
import { type Connect, type MessagingSocket, openSocket, SocketClosedError } from './socket.ts'

const Rings = z.looseObject({
  changes: z.array(
    z.looseObject({
      result: z.looseObject({
        conversationId: z.string(),
        ringsDetails: z.array(z.looseObject({ ringId: z.string(), ringState: z.string() })),
      }),
    }),
  ),
})

/**
 * An agent who is logged in and available. Methods throw `SocketRequestError` when the server refuses, and
 * `SocketClosedError` when the connection ends before the answer. Follows the agent side of the messaging protocol:
 * spec/messaging.md sections 2 and 5.6.
 */
export interface Agent extends Disposable {
  /** Id of the user in its account. */
  readonly userId: string
  /** For requests that have no method here. */
  readonly socket: MessagingSocket
  /** Calls `notify` with every conversation that rings, those that ring already first. Replaces an earlier `notify`. */
  onRing(notify: (conversationId: string) => void): void
  /** Accepts the ring of a conversation; waits for the ring if there is none yet, without a time limit. */
  accept(conversationId: string): Promise<void>
}

/**
 * Logs an agent in, makes it available and subscribes to its rings and to all open conversations.
 * @throws {RequestError} when the credentials are not accepted
 * @throws {SocketClosedError} when the socket cannot be opened
 */
export async function openAgent(
  endpoint: Endpoint,
  credentials: { user: string; password: string },
  { connect }: { connect?: Connect | undefined } = {},
): Promise<Agent> {
  const { bearer, userId } = await login(endpoint, credentials)
  const address = `${endpoint.url.replace(/^http/, 'ws')}/ws_api/account/${endpoint.accountId}/messaging/brand/${bearer}?v=2.1`
  // Closed here when a request fails, by the caller when all succeed.
  using opening = new DisposableStack()
  const socket = opening.use(await openSocket(address, { connect }))
  const waiting = new Map<string, string>()
  /** Of conversations that do not ring yet. */
  const wanted = new Map<string, PromiseWithResolvers<string>>()
  let closeCode: number | undefined
  let notifyOfRing: (conversationId: string) => void = () => undefined
  const agentId = `${endpoint.accountId}.${userId}`

  socket.subscribe(({ type, body }) => {
    if (!type.endsWith('RoutingTaskNotification')) return
    for (const { result } of Rings.parse(body).changes) {
      const ring = result.ringsDetails.find(({ ringState }) => ringState === 'WAITING')
      if (!ring) waiting.delete(result.conversationId)
      else {
        waiting.set(result.conversationId, ring.ringId)
        wanted.get(result.conversationId)?.resolve(ring.ringId)
        wanted.delete(result.conversationId)
        notifyOfRing(result.conversationId)
      }
    }
  })
  void socket.closed.then((code) => {
    closeCode = code
    for (const { reject } of wanted.values()) reject(noRing(code))
    wanted.clear()
  })

  function ringOf(conversationId: string): Promise<string> {
    if (closeCode !== undefined) return Promise.reject(noRing(closeCode))
    const known = wanted.get(conversationId) ?? Promise.withResolvers<string>()
    wanted.set(conversationId, known)
    return known.promise
  }

  await socket.request('.ams.routing.SetAgentState', {
    availability: 'ONLINE',
    channels: ['MESSAGING'],
    agentUserId: agentId,
  })
  await socket.request('.ams.aam.SubscribeExConversations', { convState: ['OPEN'] })
  await socket.request('.ams.routing.SubscribeRoutingTasks', {
    channelType: 'MESSAGING',
    agentId,
    brandId: endpoint.accountId,
  })

  const resources = opening.move()
  return {
    userId,
    socket,
    onRing(notify) {
      notifyOfRing = notify
      for (const conversationId of waiting.keys()) notify(conversationId)
    },
    async accept(conversationId) {
      const ringId = waiting.get(conversationId) ?? (await ringOf(conversationId))
      await socket.request('.ams.routing.UpdateRingState', { ringId, ringState: 'ACCEPTED' })
    },
    [Symbol.dispose]: () => resources.dispose(),
  }
}

function noRing(code: number): SocketClosedError {
  return new SocketClosedError(`The socket was closed (${code}) before the conversation rang`, code)
}
