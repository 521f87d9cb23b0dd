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
      event: z.looseObject({ type: z.string(), message: z.unknown().optional() }),
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

const Conversations = z.looseObject({
  changes: z.array(
    z.looseObject({
      result: z.looseObject({
        convId: z.string(),
        conversationDetails: z.looseObject({
          stage: z.string(),
          dialogs: z.array(
            z.looseObject({ dialogId: z.string(), dialogType: z.string(), state: z.string() }),
          ),
        }),
      }),
    }),
  ),
})

/** A conversation as its consumer is told of it. */
export interface ConversationDetails {
  conversationId: string
  stage: string
  dialogs: readonly { dialogId: string; dialogType: string; state: string }[]
}

/** Where a message goes, and the id under which it may be sent again. */
export interface Saying {
  /** MAIN unless given. */
  dialogId?: string
  requestId?: string
}

export interface Consumer extends Disposable {
  readonly jwt: string
  readonly socket: MessagingSocket
  /** Opens a conversation; its messages are heard from now on. Resolves to its id. */
  openConversation(skillId?: string, features?: readonly string[]): Promise<string>
  /** Hears the messages of a dialog that exists, of MAIN unless another is named, the old ones first. */
  follow(conversationId: string, dialogId?: string): Promise<void>
  /** Hears of the consumer's conversations and their changes, those so far first. */
  watch(hear: (conversation: ConversationDetails) => void): Promise<void>
  /** Resolves to the message's sequence when the server has stored it. */
  say(conversationId: string, text: string, saying?: Saying): Promise<number>
  /** Changes one field of a conversation, as the protocol spells it. */
  update(conversationId: string, field: object): Promise<void>
  close(conversationId: string): Promise<void>
  /** Hears every content message, in the order of arrival, each one once per delivery. */
  onLine(hear: (line: Line) => void): Disposable
}

function detailsOf(body: unknown): ConversationDetails[] {
  return Conversations.parse(body).changes.map(({ result: { convId, conversationDetails } }) => ({
    conversationId: convId,
    stage: conversationDetails.stage,
    dialogs: conversationDetails.dialogs,
  }))
}

const Opened = z.looseObject({ conversationId: z.string() })
const Published = z.looseObject({ sequence: z.number() })

/** A consumer in front of the messaging window: signs up unless a token is given. */
export async function openConsumer(door: Door, jwt?: string): Promise<Consumer> {
  const token = jwt ?? (await signUp(door))
  const address = `${door.url.replace(/^http/, 'ws')}/ws_api/account/${door.accountId}/messaging/consumer?v=3`
  const socket = await openSocket(address, { authorization: `jwt ${token}` })

  async function follow(conversationId: string, dialogId = conversationId): Promise<void> {
    await socket.request('ms.SubscribeMessagingEvents', { conversationId, dialogId, fromSeq: 0 })
  }

  async function update(conversationId: string, field: object): Promise<void> {
    const conversationField = [field]
    await socket.request('cm.UpdateConversationField', { conversationId, conversationField })
  }

  return {
    jwt: token,
    socket,
    follow,
    async watch(hear) {
      socket.listen(({ type, body }) => {
        if (type.endsWith('ExConversationChangeNotification')) detailsOf(body).forEach(hear)
      })
      await socket.request('cqm.SubscribeExConversations', {})
    },
    async openConversation(skillId, features) {
      const { conversationId } = Opened.parse(
        await socket.request('cm.ConsumerRequestConversation', {
          brandId: door.accountId,
          channelType: 'MESSAGING',
          ...(skillId !== undefined && { skillId }),
          ...(features && { conversationContext: { features } }),
        }),
      )
      await follow(conversationId)
      return conversationId
    },
    async say(conversationId, text, { dialogId = conversationId, requestId } = {}) {
      const event = { type: 'ContentEvent', contentType: 'text/plain', message: text }
      const body = { conversationId, dialogId, event }
      return Published.parse(await socket.request('ms.PublishEvent', body, requestId)).sequence
    },
    update,
    close: (conversationId) =>
      update(conversationId, { field: 'ConversationStateField', conversationState: 'CLOSE' }),
    onLine: (hear) =>
      socket.listen(({ type, body }) => {
        if (type.endsWith('MessagingEventNotification')) linesOf(body).forEach(hear)
      }),
    [Symbol.dispose]: () => socket[Symbol.dispose](),
  }
}
