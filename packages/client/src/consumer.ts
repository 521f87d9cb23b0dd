import { z } from 'zod'
import { signUp } from './login.ts'
import type { Door } from './request.ts'
import { type MessagingSocket, openSocket } from './socket.ts'

/** One content message of a dialog, as the consumer's socket shows it. */
export interface Line {
  dialogId: string
  sequence: number
  role: string
  text: string
  at: number
}

const Events = z.looseObject({
  changes: z.array(
    z.looseObject({
      dialogId: z.string(),
      sequence: z.number().optional(),
      serverTimestamp: z.number().optional(),
      originatorMetadata: z.looseObject({ role: z.string() }).optional(),
      event: z.looseObject({ type: z.string(), message: z.unknown() }),
    }),
  ),
})

function linesOf(body: unknown): Line[] {
  return Events.parse(body).changes.flatMap((change) => {
    const { dialogId, sequence, serverTimestamp = 0, originatorMetadata, event } = change
    if (event.type !== 'ContentEvent' || sequence === undefined) return []
    const role = originatorMetadata?.role ?? 'CONSUMER'
    return [{ dialogId, sequence, role, text: String(event.message), at: serverTimestamp }]
  })
}

export interface Consumer extends Disposable {
  readonly jwt: string
  readonly socket: MessagingSocket
  /** Opens a conversation; its messages are heard from now on. Resolves to its id. */
  openConversation(skillId?: string): Promise<string>
  /** Hears the messages of a conversation that exists, the old ones first. */
  follow(conversationId: string): Promise<void>
  /** Resolves to the message's sequence when the server has stored it. */
  say(conversationId: string, text: string): Promise<number>
  close(conversationId: string): Promise<void>
  /** Hears every content message, in the order of arrival, each one once per delivery. */
  onLine(hear: (line: Line) => void): Disposable
}

const Opened = z.looseObject({ conversationId: z.string() })
const Published = z.looseObject({ sequence: z.number() })

/** A consumer in front of the messaging window: signs up unless a token is given. */
export async function openConsumer(door: Door, jwt?: string): Promise<Consumer> {
  const token = jwt ?? (await signUp(door))
  const address = `${door.url.replace(/^http/, 'ws')}/ws_api/account/${door.accountId}/messaging/consumer?v=3`
  const socket = await openSocket(address, { authorization: `jwt ${token}` })

  async function follow(conversationId: string): Promise<void> {
    await socket.request('ms.SubscribeMessagingEvents', {
      conversationId,
      dialogId: conversationId,
      fromSeq: 0,
    })
  }

  return {
    jwt: token,
    socket,
    follow,
    async openConversation(skillId) {
      const { conversationId } = Opened.parse(
        await socket.request('cm.ConsumerRequestConversation', {
          brandId: door.accountId,
          channelType: 'MESSAGING',
          ...(skillId !== undefined && { skillId }),
        }),
      )
      await follow(conversationId)
      return conversationId
    },
    async say(conversationId, text) {
      const answer = await socket.request('ms.PublishEvent', {
        conversationId,
        dialogId: conversationId,
        event: { type: 'ContentEvent', contentType: 'text/plain', message: text },
      })
      return Published.parse(answer).sequence
    },
    async close(conversationId) {
      await socket.request('cm.UpdateConversationField', {
        conversationId,
        conversationField: [{ field: 'ConversationStateField', conversationState: 'CLOSE' }],
      })
    },
    onLine: (hear) =>
      socket.listen(({ type, body }) => {
        if (type.endsWith('MessagingEventNotification')) linesOf(body).forEach(hear)
      }),
    [Symbol.dispose]: () => socket[Symbol.dispose](),
  }
}
