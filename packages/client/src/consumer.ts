import * as z from 'zod'
import { signUp } from './login.ts'
import type { Endpoint } from './request.ts'
import { type Connect, type MessagingSocket, openSocket } from './socket.ts'

/** One content message of a dialog, as the server notifies a consumer of it. */
export interface DialogMessage {
  readonly dialogId: string
  /** Place of the message in its dialog, beginning at 0. */
  readonly sequence: number
  /** Of the sender: CONSUMER, ASSIGNED_AGENT, CONTROLLER, … */
  readonly role: string
  /** The message; structured content and files as `String` renders them. */
  readonly text: string
  /** When the server stored it, in milliseconds since 1970. */
  readonly at: number
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

function messagesOf(body: unknown): DialogMessage[] {
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

/** A conversation, as the server notifies its consumer of it. */
export interface ConversationDetails {
  readonly conversationId: string
  /** OPEN or CLOSE. */
  readonly stage: string
  /** MAIN first; a survey is a dialog of the type POST_SURVEY. `state` is OPEN or CLOSE. */
  readonly dialogs: readonly { dialogId: string; dialogType: string; state: string }[]
}

/** Options of `say`. */
export interface SayOptions {
  /** The dialog; MAIN unless given. */
  dialogId?: string
  /** Id of the request, at most 200 characters: a message that is sent again under one id is stored once. */
  requestId?: string
}

/** Where a consumer comes from, in the words of the protocol. Functions find it in the payloads of their events. */
export interface Visit {
  /** Of the consumer's browser or device, for good. */
  readonly visitorId: string
  /** Of this visit. */
  readonly sessionId: string
  /** Which page of the visit it is. */
  readonly interactionContextId: string
  /** Such as `en-US`. */
  readonly language: string
  readonly campaignInfo?: { readonly campaignId: string; readonly engagementId: string }
  /** System and browser of the consumer: spec/messaging.md section 7. */
  readonly clientProperties: Readonly<Record<string, unknown>>
}

/** Options of `openConsumer`. */
export interface ConsumerOptions {
  /** Sent with every conversation that the consumer opens. */
  visit?: Visit | undefined
  /** The consumer's token. Without one, a new anonymous consumer is signed up. */
  jwt?: string | undefined
  /** Opens the WebSocket: the global one unless given. */
  connect?: Connect | undefined
}

/**
 * A consumer with a socket. Every method throws `SocketRequestError` when the server refuses, and `SocketClosedError` when
 * the connection ends before the answer. Follows the consumer side of the messaging protocol: spec/messaging.md section 7.
 */
export interface Consumer extends Disposable {
  /** The consumer's token. With it the same consumer connects again. */
  readonly jwt: string
  /** For requests that have no method here. */
  readonly socket: MessagingSocket
  /**
   * Opens a conversation and subscribes to its messages. Resolves with its id.
   * @param features what the consumer's window can show, such as QUICK_REPLIES
   */
  openConversation(skillId?: string, features?: readonly string[]): Promise<string>
  /** Subscribes to the messages of a dialog, the stored ones first; to those of MAIN unless another dialog is named. */
  follow(conversationId: string, dialogId?: string): Promise<void>
  /** Calls `notify` with every conversation of the consumer, and again with every change of one. */
  watch(notify: (conversation: ConversationDetails) => void): Promise<void>
  /** Sends a text. Resolves with its sequence when the server has stored it. */
  say(conversationId: string, text: string, options?: SayOptions): Promise<number>
  /** Changes one field of a conversation, in the form of the protocol: spec/messaging.md section 5.5. */
  update(conversationId: string, field: object): Promise<void>
  /** Closes a conversation. */
  close(conversationId: string): Promise<void>
  /** Calls `notify` with every message of the dialogs that are followed, in order of arrival, until it is disposed. */
  onMessage(notify: (message: DialogMessage) => void): Disposable
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

/**
 * Connects a consumer to the messaging API.
 * @throws {RequestError} when the sign-up is refused
 * @throws {SocketClosedError} when the socket cannot be opened
 * @throws {SocketRequestError} when the token is not accepted
 */
export async function openConsumer(
  endpoint: Endpoint,
  { jwt, connect, visit }: ConsumerOptions = {},
): Promise<Consumer> {
  const token = jwt ?? (await signUp(endpoint))
  const address = `${endpoint.url.replace(/^http/, 'ws')}/ws_api/account/${endpoint.accountId}/messaging/consumer?v=3`
  // Closed here when the token is not accepted, by the caller when it is.
  using opening = new DisposableStack()
  const socket = opening.use(await openSocket(address, { connect }))
  await authenticate(socket, token, visit)

  async function follow(conversationId: string, dialogId = conversationId): Promise<void> {
    await socket.request('ms.SubscribeMessagingEvents', { conversationId, dialogId, fromSeq: 0 })
  }

  async function update(conversationId: string, field: object): Promise<void> {
    const conversationField = [field]
    await socket.request('cm.UpdateConversationField', { conversationId, conversationField })
  }

  const resources = opening.move()
  return {
    jwt: token,
    socket,
    follow,
    async watch(notify) {
      socket.subscribe(({ type, body }) => {
        if (type.endsWith('ExConversationChangeNotification')) detailsOf(body).forEach(notify)
      })
      await socket.request('cqm.SubscribeExConversations', {})
    },
    async openConversation(skillId, features) {
      const { conversationId } = Opened.parse(
        await socket.request('cm.ConsumerRequestConversation', {
          brandId: endpoint.accountId,
          channelType: 'MESSAGING',
          ...(skillId !== undefined && { skillId }),
          ...originOf(visit, features),
        }),
      )
      await follow(conversationId)
      return conversationId
    },
    async say(conversationId, text, { dialogId = conversationId, requestId } = {}) {
      const event = { type: 'ContentEvent', contentType: 'text/plain', message: text }
      const body = { conversationId, dialogId, event }
      const answer = await socket.request('ms.PublishEvent', body, { id: requestId })
      return Published.parse(answer).sequence
    },
    update,
    close: (conversationId) =>
      update(conversationId, { field: 'ConversationStateField', conversationState: 'CLOSE' }),
    onMessage: (notify) =>
      socket.subscribe(({ type, body }) => {
        if (type.endsWith('MessagingEventNotification')) messagesOf(body).forEach(notify)
      }),
    [Symbol.dispose]: () => resources.dispose(),
  }
}

/** The members of a request for a conversation that say where it comes from. */
function originOf(visit: Visit | undefined, features: readonly string[] | undefined): object {
  if (!visit) return features ? { conversationContext: { features } } : {}
  const { language, clientProperties, campaignInfo, ...ids } = visit
  return {
    ...(campaignInfo && { campaignInfo }),
    conversationContext: {
      type: 'SharkContext',
      lang: language,
      ...ids,
      clientProperties,
      ...(features && { features }),
    },
  }
}

/** In the first request, as browsers must: they cannot send headers with a handshake. */
async function authenticate(
  socket: MessagingSocket,
  jwt: string,
  visit: Visit | undefined,
): Promise<void> {
  const headers: object[] = [{ type: '.ams.headers.ConsumerAuthentication', jwt }]
  if (visit) {
    headers.push({ ...visit.clientProperties, type: '.ams.headers.ClientProperties' })
  }
  await socket.request('InitConnection', {}, { headers })
}
