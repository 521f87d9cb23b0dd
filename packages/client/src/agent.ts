import { z } from 'zod'
import { login } from './login.ts'
import type { Door } from './request.ts'
import { type MessagingSocket, openSocket } from './socket.ts'

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

export interface Agent extends Disposable {
  readonly userId: string
  readonly socket: MessagingSocket
  /** Hears of every conversation that rings, those that are waiting already first. */
  onRing(hear: (conversationId: string) => void): void
  /** Takes the conversation when it rings, or its ring if that is waiting already. */
  accept(conversationId: string): Promise<void>
}

/** An agent at work: logged in, available, hearing rings and conversations. */
export async function openAgent(
  door: Door,
  credentials: { user: string; password: string },
): Promise<Agent> {
  const { bearer, userId } = await login(door, credentials)
  const address = `${door.url.replace(/^http/, 'ws')}/ws_api/account/${door.accountId}/messaging/brand/${bearer}?v=2.1`
  // Closed here when the agent cannot get to work, by the caller when it can.
  using opened = new DisposableStack()
  const socket = opened.use(await openSocket(address))
  const waiting = new Map<string, string>()
  const wanted = new Map<string, () => void>()
  let tell: (conversationId: string) => void = () => undefined
  const agentId = `${door.accountId}.${userId}`

  socket.listen(({ type, body }) => {
    if (!type.endsWith('RoutingTaskNotification')) return
    for (const { result } of Rings.parse(body).changes) {
      const ring = result.ringsDetails.find(({ ringState }) => ringState === 'WAITING')
      if (!ring) waiting.delete(result.conversationId)
      else {
        waiting.set(result.conversationId, ring.ringId)
        wanted.get(result.conversationId)?.()
        tell(result.conversationId)
      }
    }
  })
  await socket.request('.ams.routing.SetAgentState', {
    availability: 'ONLINE',
    channels: ['MESSAGING'],
    agentUserId: agentId,
  })
  await socket.request('.ams.aam.SubscribeExConversations', { convState: ['OPEN'] })
  await socket.request('.ams.routing.SubscribeRoutingTasks', {
    channelType: 'MESSAGING',
    agentId,
    brandId: door.accountId,
  })

  const resources = opened.move()
  return {
    userId,
    socket,
    onRing(hear) {
      tell = hear
      for (const conversationId of waiting.keys()) hear(conversationId)
    },
    async accept(conversationId) {
      if (!waiting.has(conversationId)) {
        await new Promise<void>((resolve) => wanted.set(conversationId, resolve))
        wanted.delete(conversationId)
      }
      await socket.request('.ams.routing.UpdateRingState', {
        ringId: waiting.get(conversationId),
        ringState: 'ACCEPTED',
      })
    },
    [Symbol.dispose]: () => resources.dispose(),
  }
}
