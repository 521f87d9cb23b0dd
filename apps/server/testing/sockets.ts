import { type Endpoint, login, signUp } from '@parley/client'
import { openWireSocket, type WireNotification, type WireSocket } from './wire-socket.ts'

/** A message, as the consumer or agent was notified of it. */
export interface HeardMessage {
  sequence: number
  dialogId: string
  conversationId: string
  role: string
  /** The text of a text message. */
  text: string | undefined
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into published shapes
  event: any
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into published shapes
  record: any
}

interface Participant extends WireSocket {
  /** Messages with a sequence, in order of arrival, without repetitions. */
  messages(dialogId: string): HeardMessage[]
  /** Resolves with the message that fits, once it has come. */
  message(dialogId: string, fits: (message: HeardMessage) => boolean): Promise<HeardMessage>
  /** Publishes text; resolves with its sequence, and rejects when it was refused. */
  say(dialogId: string, text: string, options?: { id?: string | number }): Promise<number>
  /** Subscribes to the messages of a dialog, from the first on. */
  follow(dialogId: string): Promise<void>
  /** The newest state of a conversation that this socket was notified of. */
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into published shapes
  details(conversationId: string): any
}

export interface ConsumerSocket extends Participant {
  readonly jwt: string
  readonly consumerId: string
  /** Opens a conversation, subscribes to it and to its messages. */
  openConversation(body?: object): Promise<string>
}

export interface AgentSocket extends Participant {
  readonly bearer: string
  readonly userId: string
  readonly pid: string
  /** `<account>.<user>`. */
  readonly oldId: string
  /** Subscribes to conversations and rings, and becomes available. */
  goOnline(availability?: string): Promise<void>
  /** Waits for a ring of this conversation, takes it, and reads its messages. */
  accept(conversationId: string): Promise<void>
  /** Waits for a ring; resolves with its id. */
  ring(conversationId: string, after?: ReadonlySet<string>): Promise<string>
  update(conversationId: string, ...fields: object[]): Promise<void>
}

export async function openConsumerSocket(
  { url, accountId }: Endpoint,
  options: {
    jwt?: string
    clientProperties?: object
    localAddress?: string
    headers?: Record<string, string>
  } = {},
): Promise<ConsumerSocket> {
  const jwt = options.jwt ?? (await signUp({ url, accountId }))
  const { clientProperties, localAddress } = options
  const socket = await openWireSocket(
    `${url.replace('http', 'ws')}/ws_api/account/${accountId}/messaging/consumer?v=3`,
    {
      ...options.headers,
      authorization: `jwt ${jwt}`,
      ...(clientProperties && { 'client-properties': JSON.stringify(clientProperties) }),
    },
    localAddress === undefined ? {} : { localAddress },
  )
  const follow = async (dialogId: string) => {
    const answer = await socket.request('ms.SubscribeMessagingEvents', { dialogId, fromSeq: 0 })
    if (answer.code !== 200) throw new Error(`Not subscribed: ${JSON.stringify(answer)}`)
  }
  return {
    ...participant(socket),
    jwt,
    consumerId: subjectOf(jwt),
    follow,
    async openConversation(body) {
      const opened = await socket.request('cm.ConsumerRequestConversation', body)
      if (opened.code !== 200) throw new Error(`Not opened: ${JSON.stringify(opened)}`)
      const { conversationId } = opened.body as { conversationId: string }
      await socket.request('cqm.SubscribeExConversations', { convState: ['OPEN', 'CLOSE'] })
      await follow(conversationId)
      return conversationId
    },
  }
}

export async function openAgentSocket(
  { url, accountId }: Endpoint,
  user: { user: string; password: string } | { bearer: string; userId: string; pid: string },
): Promise<AgentSocket> {
  const session = 'bearer' in user ? user : await login({ url, accountId }, user)
  const { bearer, userId, pid = '' } = session
  const socket = await openWireSocket(
    `${url.replace('http', 'ws')}/ws_api/account/${accountId}/messaging/brand/${bearer}?v=2.1`,
  )
  const oldId = `${accountId}.${userId}`
  const rings = (conversationId: string) =>
    socket.notifications
      .filter(({ type }) => type === '.ams.routing.RoutingTaskNotification')
      .flatMap(({ body }) => body.changes as { type: string; result: RingResult }[])
      .filter(({ type, result }) => type === 'UPSERT' && result.conversationId === conversationId)
      .map(({ result }) => result.ringsDetails[0]!.ringId)

  async function ring(conversationId: string, after: ReadonlySet<string> = new Set()) {
    const fresh = () => rings(conversationId).find((ringId) => !after.has(ringId))
    await socket.until(() => fresh() !== undefined, `a ring of ${conversationId}`)
    return fresh()!
  }

  async function succeed(type: string, body: unknown): Promise<void> {
    const answer = await socket.request(type, body)
    if (answer.code !== 200) throw new Error(`${type} failed: ${JSON.stringify(answer)}`)
  }

  const follow = (dialogId: string) =>
    succeed('.ams.ms.QueryMessages', { dialogId, newerThanSequence: 0 })
  return {
    ...participant(socket),
    follow,
    bearer,
    userId,
    pid,
    oldId,
    ring,
    async goOnline(availability = 'ONLINE') {
      await succeed('.ams.aam.SubscribeExConversations', { convState: ['OPEN', 'CLOSE'] })
      await succeed('.ams.routing.SubscribeRoutingTasks', {
        channelType: 'MESSAGING',
        agentId: oldId,
        brandId: accountId,
      })
      await succeed('.ams.routing.SetAgentState', {
        availability,
        channels: ['MESSAGING'],
        agentUserId: oldId,
      })
    },
    async accept(conversationId) {
      const ringId = await ring(conversationId)
      await succeed('.ams.routing.UpdateRingState', { ringId, ringState: 'ACCEPTED' })
      await follow(conversationId)
    },
    update: (conversationId, ...conversationField) =>
      succeed('.ams.cm.UpdateConversationField', { conversationId, conversationField }),
  }
}

interface RingResult {
  conversationId: string
  ringsDetails: { ringId: string }[]
}

function participant(socket: WireSocket): Omit<Participant, 'follow'> {
  function messages(dialogId: string): HeardMessage[] {
    const seen = new Map<number, HeardMessage>()
    for (const record of recordsOf(socket)) {
      if (record.dialogId !== dialogId || record.sequence === undefined) continue
      const { sequence, event, conversationId, originatorMetadata } = record
      if (seen.has(sequence)) continue
      const text = typeof event.message === 'string' ? event.message : undefined
      const { role } = originatorMetadata
      seen.set(sequence, { sequence, dialogId, conversationId, role, text, event, record })
    }
    return [...seen.values()]
  }
  return {
    ...socket,
    messages,
    async message(dialogId, fits) {
      await socket.until(() => messages(dialogId).some(fits), `a message in ${dialogId}`)
      return messages(dialogId).find(fits)!
    },
    async say(dialogId, text, options = {}) {
      const event = { type: 'ContentEvent', contentType: 'text/plain', message: text }
      const answer = await socket.request('ms.PublishEvent', { dialogId, event }, options)
      if (answer.code !== 200) throw new Error(`Not published: ${JSON.stringify(answer)}`)
      return (answer.body as { sequence: number }).sequence
    },
    details(conversationId) {
      return socket.notifications
        .filter(({ type }) => type.endsWith('ExConversationChangeNotification'))
        .flatMap(({ body }) => body.changes)
        .findLast(({ result }) => result.convId === conversationId)?.result.conversationDetails
    },
  }
}

// oxlint-disable-next-line typescript/no-explicit-any -- tests look into published shapes
function recordsOf({ frames }: WireSocket): any[] {
  return frames.flatMap((frame) => {
    if (frame.kind === 'resp') {
      return frame.type.includes('QueryMessages') && Array.isArray(frame.body) ? frame.body : []
    }
    return messageRecords(frame)
  })
}

// oxlint-disable-next-line typescript/no-explicit-any -- tests look into published shapes
function messageRecords({ type, body }: WireNotification): any[] {
  if (type === '.ams.ms.OnlineEventDistribution') return [body]
  return type === 'ms.MessagingEventNotification' ? body.changes : []
}

function subjectOf(jwt: string): string {
  const payload = Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString('utf8')
  return (JSON.parse(payload) as { sub: string }).sub
}
