import * as z from 'zod'
import { Instant, StorableText, Uuid } from './text.ts'

/** What fails in a bot, as the vendor of the published platform spells it after a common prefix (`spec/bots.md` 3.6). */
export const BOT_ERRORS = [
  'aivendor.faas.invoke-lambda',
  'aivendor.faas.failed-faas-request',
  'aivendor.faas.missing-response-body',
  'aivendor.faas.failed-hook',
  'aivendor.faas.failed-bot-action',
  'aivendor.faas.testConnection',
  'aivendor.faas.parse-message.malformed-alternative-intents',
  'aivendor.customendpoint.send-request',
  'aivendor.customendpoint.parse-message.parser-error',
  'aivendor.customendpoint.parse-message.multiple-actions',
  'aivendor.customendpoint.testConnection',
  'pipes.verify-ai-response.missing-action-and-messages',
  'pipes.verify-ai-response.no-messages-and-not-supported-action',
  'pipes.verify-ai-response.quick-replies-not-supported',
  'pipes.conversation-limit-checker.max-conv-limit-reached',
  'pipes.chat-handle-bot-action.transfer-skill-not-existing',
  'connector.messaging.send-message',
  'connector.messaging.end-conversation',
  'connector.messaging.change-ttr',
  'connector.messaging.transfer-to-skill',
  'connector.messaging.conversation-closed',
  'connector.messaging.agent-not-authorized',
  'connector.chat.send-message',
  'connector.chat.end-conversation',
  'connector.chat.transfer-to-skill',
  'events-queue.not-catched-pipeline-error',
] as const
export type BotErrorSuffix = (typeof BOT_ERRORS)[number]

/** The full published name of an error. */
export function botErrorName(suffix: BotErrorSuffix): string {
  return `com.liveperson.bot-connectors-worker.error.${suffix}`
}

/** Where bots serve conversations. */
export const BotChannelName = z.enum(['messaging', 'chat'])
export type BotChannelName = z.infer<typeof BotChannelName>

/** Something that failed in a bot. */
export const BotError = z.object({
  errorId: Uuid,
  /** Its full published name. */
  name: z.string(),
  /** What was wrong, where more is known than the name says. */
  reason: z.string().optional(),
  /** Whether `conversationId` is a conversation or a live chat. */
  channel: BotChannelName,
  conversationId: z.string(),
  at: Instant,
})
export type BotError = z.infer<typeof BotError>

/** Which errors of a bot are asked for. */
export const BotErrorPage = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  beforeId: Uuid.optional(),
})
export type BotErrorPage = z.infer<typeof BotErrorPage>

/** The newest first. */
export const BotErrors = z.object({ errors: z.array(BotError) })
export type BotErrors = z.infer<typeof BotErrors>

/** What stands in place of a file that the consumer sends to a bot (`spec/bots.md` 3.1). */
export const BOT_FILE_PLACEHOLDER = 'com.liveperson.bot-connectors.consumer.send-file'

/** The longest pause of a bot, in seconds. */
const MAX_PAUSE_S = 3600

/** One message of a bot, or a pause before the next one. */
export const BotMessage = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('content'),
    /** As clients publish it: checked when it is sent. */
    event: z.looseObject({ type: z.string() }),
    metadata: z.unknown().optional(),
    encodedMetadata: z.unknown().optional(),
    audience: z.enum(['ALL', 'AGENTS_AND_MANAGERS']).default('ALL'),
  }),
  z.object({
    type: z.literal('pause'),
    seconds: z.int().min(1).max(MAX_PAUSE_S),
    typing: z.boolean(),
  }),
])
export type BotMessage = z.infer<typeof BotMessage>

/** What a bot does after its messages. */
export const BotAction = z.discriminatedUnion('type', [
  /** Without a skill, to the agent alone. */
  z.object({
    type: z.literal('transfer'),
    skillName: z.string().optional(),
    /** The skill that has this name when the bot answers: it may be renamed before a pause is over. */
    skillId: z.string().optional(),
    agentId: z.string().optional(),
  }),
  z.object({ type: z.literal('close'), withoutSurvey: z.boolean() }),
  /** Checked when it is done. */
  z.object({ type: z.literal('ttr'), ttrType: z.unknown(), value: z.unknown().optional() }),
  z.object({
    type: z.literal('invoke'),
    functionId: z.string(),
    payload: z.unknown(),
    failOnError: z.boolean(),
  }),
  /** To the bot's default skill, as after a failure, but without an error. */
  z.object({ type: z.literal('escalate') }),
])
export type BotAction = z.infer<typeof BotAction>

/** What a bot has understood; shown to the agent who takes over (`spec/bots.md` 3.4). */
export const BotIntent = z.object({
  id: StorableText.min(1).max(256),
  name: StorableText.max(256).optional(),
  confidenceScore: z.number().min(0).max(1),
})
export type BotIntent = z.infer<typeof BotIntent>

/** What a bot is given of its consumer, where it collects engagement attributes. */
export const BotSdes = z.object({
  unauthenticatedSdes: z.unknown(),
  authenticatedSdes: z.unknown(),
})
export type BotSdes = z.infer<typeof BotSdes>

/** Whether a bot serves conversations (`spec/bots.md` 3.1). */
export const BotState = z.enum(['online', 'offline', 'vendor-interruption', 'service-interruption'])
export type BotState = z.infer<typeof BotState>

export const BotChannels = z.array(BotChannelName).min(1).max(2)

const Said = StorableText.max(5000)

/** How a bot serves conversations, whatever answers for it (`spec/bots.md` 3.1). */
export const BotSettings = z.strictObject({
  /** Bots that were stored without them serve messaging. */
  channels: BotChannels.default(['messaging']),
  /** Tells the bot at the start, before the consumer's first message is given to it. */
  welcome: z.boolean(),
  /** Gives several messages of the consumer to the bot at once, joined by a blank. */
  combine: z
    .strictObject({
      maxMessages: z.int().min(1).max(50),
      timeFrameMs: z.int().min(0).max(60_000),
      /** In place of `timeFrameMs` once the consumer types. */
      afterTypingMs: z.int().min(0).max(60_000),
    })
    .optional(),
  /** In live chat: a consumer who is silent after the bot is warned, then the chat is ended. */
  silence: z
    .strictObject({
      warnAfterMs: z.int().min(10_000).max(86_400_000),
      warning: Said.min(1, 'must not be empty'),
      closeAfterMs: z.int().min(10_000).max(86_400_000),
    })
    .optional(),
  /** Gives what is known of the visitor to the bot. */
  engagementAttributes: z.boolean(),
  /** To whom conversations go when the bot fails, and what is said then. Empty texts are not sent. */
  escalation: z.strictObject({
    skillId: z.string().min(1).max(100),
    messageToCustomer: Said,
    messageToAgent: Said,
    transferFailureMessage: Said,
  }),
})
export type BotSettings = z.infer<typeof BotSettings>
