import { type BotMessage, type BotIntent, messaging } from '@parley/contract'
import { ParleyError } from '#base/kernel'
import { type Decision, findForeignImage, mainDialog, publishMessage } from '#messaging/rules'
import type { BotAgent } from './bot-kind.ts'
import { actorOf } from './perform.ts'

/** What was said until a pause, an end or a message that cannot be sent. */
export interface Said {
  /** Set before a pause: what comes after it. */
  pause?: { ms: number; typing: boolean; rest: BotMessage[] }
  failed?: boolean
}

/** Publishes messages until the first pause. A message that clients could not publish either is a failure: nothing after it is said. */
export function sayUntilPause(
  decision: Decision,
  bot: BotAgent,
  messages: readonly BotMessage[],
  { imageHosts, intents }: { imageHosts: readonly string[] | null; intents?: readonly BotIntent[] },
): Said {
  for (const [index, message] of messages.entries()) {
    if (message.type === 'pause') {
      const { seconds, typing } = message
      return { pause: { ms: seconds * 1000, typing, rest: messages.slice(index + 1) } }
    }
    try {
      say(decision, bot, message, { imageHosts, intents: index === 0 ? intents : undefined })
    } catch (error) {
      if (error instanceof ParleyError) return { failed: true }
      throw error
    }
  }
  return {}
}

function say(
  decision: Decision,
  bot: BotAgent,
  message: Extract<BotMessage, { type: 'content' }>,
  {
    imageHosts,
    intents,
  }: {
    imageHosts: readonly string[] | null
    intents: readonly BotIntent[] | undefined
  },
): void {
  const event = messaging.PublishedEvent.safeParse(message.event)
  if (!event.success) refuse('event')
  const isContent = event.data.type === 'ContentEvent' || event.data.type === 'RichContentEvent'
  if (!isContent) refuse('event.type')
  const card = event.data.type === 'RichContentEvent' ? event.data.content : undefined
  if (card && findForeignImage(imageHosts, card) !== undefined) refuse('event.content')
  const given = message.metadata === undefined ? [] : [message.metadata].flat()
  const metadata = messaging.Metadata.safeParse([...given, ...botResponse(intents)])
  if (!metadata.success) refuse('metadata')
  // Published: what is no encoded metadata lets the message fall.
  const encoded = messaging.EncodedMetadata.optional().safeParse(message.encodedMetadata)
  if (!encoded.success) return
  publishMessage(decision, actorOf(bot), {
    dialogId: mainDialog(decision.state).dialogId,
    event: event.data,
    ...(metadata.data.length > 0 && { metadata: metadata.data }),
    encodedMetadata: encoded.data,
    audience: message.audience,
  })
}

/** As the published bots tell agents what they have understood. */
export function botResponse(intents: readonly BotIntent[] | undefined): Record<string, unknown>[] {
  if (!intents || intents.length === 0) return []
  return [{ type: 'BotResponse', intents: [...intents] }]
}

function refuse(field: string): never {
  throw new ParleyError('invalid_request', `${field}: a bot cannot send this`)
}
