import * as z from 'zod'
import {
  ClientProperties,
  ConversationContext,
  ConsumerProfile,
  CsatRate,
  Role,
  TtrType,
} from './conversations.ts'
import { StructuredContent, QuickReplies } from './rich-content.ts'
import { InlinePicture, MAX_MESSAGE_CHARACTERS, PictureAddress, StorableText } from './text.ts'

export { MAX_MESSAGE_CHARACTERS }
const MAX_METADATA_ENTRIES = 100
export const MAX_METADATA_CHARACTERS = 20_000
const MAX_CONTEXT_CHARACTERS = 8000
const MAX_PROFILE_CHARACTERS = 20_000

const Id = StorableText.min(1).max(128)
const Text = StorableText.max(1000)

/** Clients count their requests or name them; the answer carries the id as it came. */
export const RequestFrame = z.object({
  kind: z.literal('req'),
  id: z.union([StorableText.max(200), z.number()]),
  type: z.string().min(1).max(100),
  body: z.unknown().optional(),
  headers: z.unknown().optional(),
  metadata: z.unknown().optional(),
  encodedMetadata: z.unknown().optional(),
})
export type RequestFrame = z.infer<typeof RequestFrame>

/** Metadata of a message or a request: at most 100 entries and 20,000 characters of JSON. */
export const Metadata = z
  .array(z.looseObject({}))
  .max(MAX_METADATA_ENTRIES)
  .refine(
    (metadata) => JSON.stringify(metadata).length <= MAX_METADATA_CHARACTERS,
    `must have at most ${MAX_METADATA_CHARACTERS} characters`,
  )

/** Base64, at most 5 kB. */
export const EncodedMetadata = z.base64().max(5120)

const MessageText = StorableText.min(1, 'must not be empty').max(
  MAX_MESSAGE_CHARACTERS,
  `must have at most ${MAX_MESSAGE_CHARACTERS} characters`,
)

/** A file that was uploaded before (`spec/messaging.md` 5.8). */
export const HostedFile = z.object({
  caption: StorableText.max(1000).optional(),
  relativePath: z.string().min(1).max(500),
  fileType: z.string().max(100).optional(),
  preview: InlinePicture.optional(),
})

/** A text of at most 8000 characters, or a file (`spec/messaging.md` 5.4). */
export const ContentEvent = z.discriminatedUnion('contentType', [
  z.object({
    type: z.literal('ContentEvent'),
    contentType: z.literal('text/plain'),
    message: MessageText,
    quickReplies: QuickReplies.optional(),
  }),
  z.object({
    type: z.literal('ContentEvent'),
    contentType: z.literal('hosted/file'),
    message: HostedFile,
  }),
])

/** A card (`spec/messaging.md` 5.4). */
export const RichContentEvent = z.object({
  type: z.literal('RichContentEvent'),
  content: StructuredContent,
  quickReplies: QuickReplies.optional(),
})

/** What a client has received or read, by sequences of the dialog (`spec/messaging.md` 5.4). */
export const AcceptStatusEvent = z.object({
  type: z.literal('AcceptStatusEvent'),
  status: z.enum(['ACCEPT', 'READ', 'ACCESS', 'NACK', 'ACTION']),
  sequenceList: z.array(z.int().nonnegative()).min(1).max(1000),
})

/** Whether the participant is typing (`spec/messaging.md` 5.4). It is never stored. */
export const ChatStateEvent = z.object({
  type: z.literal('ChatStateEvent'),
  chatState: z.enum(['ACTIVE', 'INACTIVE', 'GONE', 'COMPOSING', 'PAUSE', 'BACKGROUND']),
})

/** What may be published. A `ContentEvent` without a type of content is text. */
export const PublishedEvent = z.preprocess(
  (event) =>
    isRecord(event) && event['type'] === 'ContentEvent' && event['contentType'] === undefined
      ? { ...event, contentType: 'text/plain' }
      : event,
  z.discriminatedUnion('type', [ContentEvent, RichContentEvent, AcceptStatusEvent, ChatStateEvent]),
)
export type PublishedEvent = z.infer<typeof PublishedEvent>

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** `ms.PublishEvent` (`spec/messaging.md` 5.4). `event` is parsed by `PublishedEvent`. */
export const PublishEventBody = z.object({
  dialogId: Id,
  conversationId: Id.optional(),
  event: z.unknown(),
  messageAudience: z.enum(['ALL', 'AGENTS_AND_MANAGERS']).optional(),
})

const CampaignId = z.union([Text, z.number()])

/** The campaign and engagement that led to a conversation or a chat. */
export const SentCampaign = z.object({
  campaignId: CampaignId.optional(),
  engagementId: CampaignId.optional(),
})

/** Where a conversation or a chat is opened from, as the consumer's client says. */
export const SentContext = ConversationContext.extend({
  clientProperties: ClientProperties.optional(),
  features: z.array(z.string().max(100)).max(50).optional(),
}).refine(
  (context) => JSON.stringify(context).length <= MAX_CONTEXT_CHARACTERS,
  `must have at most ${MAX_CONTEXT_CHARACTERS} characters`,
)

/** `cm.ConsumerRequestConversation` (`spec/messaging.md` 7). */
export const ConsumerRequestConversationBody = z.object({
  ttrDefName: TtrType.optional(),
  channelType: z.literal('MESSAGING').optional(),
  brandId: Text.optional(),
  skillId: z
    .union([z.string().regex(/^-?\d{1,18}$/, 'must be a skill id'), z.int()])
    .transform(String)
    .optional(),
  campaignInfo: SentCampaign.optional(),
  conversationContext: SentContext.optional(),
})

const States = z.array(z.string().max(20)).max(10)

/** `cqm.SubscribeExConversations` (`spec/messaging.md` 5.2). */
export const SubscribeConversationsBody = z.object({
  convState: States.optional(),
  stage: States.optional(),
  agentIds: z.array(Id).max(1000).optional(),
  minLastUpdatedTime: z.int().optional(),
})

/** `cqm.UnsubscribeExConversations` (`spec/messaging.md` 5.2). */
export const UnsubscribeBody = z.object({ subscriptionId: Id })

/** Published bots send numbers as texts. */
function numberOrText<Schema extends z.ZodType>(number: Schema) {
  return z.preprocess(
    (value) => (typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value),
    number,
  )
}

/** `ms.SubscribeMessagingEvents` and `ms.QueryMessages` (`spec/messaging.md` 5.3). */
export const SubscribeMessagesBody = z.object({
  dialogId: Id,
  conversationId: Id.optional(),
  fromSeq: numberOrText(z.int().nonnegative()).optional(),
  newerThanSequence: numberOrText(z.int().min(-1)).optional(),
  maxQuantity: numberOrText(z.int().positive()).optional(),
})

const ConversationField = z.discriminatedUnion('field', [
  z.object({ field: z.literal('ConversationStateField'), conversationState: z.literal('CLOSE') }),
  z.object({ field: z.literal('Stage'), conversationState: z.literal('CLOSE') }),
  z.object({
    field: z.literal('DialogChange'),
    type: z.literal('UPDATE').optional(),
    dialog: z.object({ dialogId: Id, state: z.literal('CLOSE'), closedCause: Text.optional() }),
  }),
  z.object({
    field: z.literal('ParticipantsChange'),
    type: z.enum(['ADD', 'REMOVE', 'UPDATE', 'SUGGEST']),
    role: Role,
    userId: Id.optional(),
  }),
  z.object({
    field: z.literal('Skill'),
    type: z.literal('UPDATE').optional(),
    skill: z.union([Id, z.int()]).transform(String),
  }),
  z.object({
    field: z.literal('TTRField'),
    ttrType: TtrType,
    value: z.int().nonnegative().max(31_536_000).optional(),
  }),
  z.object({ field: z.literal('ManualETTR'), time: z.int().nonnegative().max(8.64e15) }),
  CsatRate.extend({ field: z.literal('CSATRate') }),
])

/** `cm.UpdateConversationField` (`spec/messaging.md` 5.5). */
export const UpdateConversationFieldBody = z.object({
  conversationId: Id,
  conversationField: z.array(ConversationField).min(1).max(50),
})

/** `routing.SetAgentState` (`spec/messaging.md` 5.6). */
export const SetAgentStateBody = z.object({
  availability: z.enum(['ONLINE', 'OCCUPIED', 'AWAY', 'BACK_SOON', 'OFFLINE']),
  agentUserId: Id.optional(),
  description: Text.optional(),
})

/** `routing.SubscribeAgentsState` (`spec/messaging.md` 5.6). */
export const SubscribeAgentsStateBody = z.object({ agentId: Id.optional() })

/** `routing.UpdateRingState` (`spec/messaging.md` 5.6). */
export const UpdateRingStateBody = z.object({
  ringId: Id,
  ringState: z.enum(['ACCEPTED', 'REJECTED']),
})

/** The consumer's id as a bare string, or in an object. */
export const GetUserProfileBody = z.union(
  [
    Id,
    z.object({ userId: Id }).transform(({ userId }) => userId),
    z.object({ consumerId: Id }).transform(({ consumerId }) => consumerId),
  ],
  'must be the id of a consumer, or an object with it as userId',
)

/**
 * `userprofile.SetUserProfile` (`spec/messaging.md` 5.7). Members that are absent keep their values. Texts have at most 1000 characters, and all of
 * it 20,000 characters of JSON.
 */
export const SetUserProfileBody = ConsumerProfile.pick({
  firstName: true,
  lastName: true,
  avatarUrl: true,
  role: true,
  backgndImgUri: true,
  description: true,
  privateData: true,
  authenticatedData: true,
})
  .extend({
    firstName: Text.optional(),
    lastName: Text.optional(),
    role: Text.optional(),
    description: Text.optional(),
    avatarUrl: PictureAddress.optional(),
    backgndImgUri: PictureAddress.optional(),
  })
  .refine(
    (profile) => JSON.stringify(profile).length <= MAX_PROFILE_CHARACTERS,
    `must have at most ${MAX_PROFILE_CHARACTERS} characters`,
  )

/** Of our own: the consumer presents the token under which it was anonymous until now. */
export const StepUpBody = z.object({ jwt: z.string().min(1).max(10_000) })

/** `ms.GenerateURLForUploadFile` (`spec/messaging.md` 5.8). `fileSize` in bytes. */
export const UploadUrlBody = z.object({
  fileSize: z.union([
    z.int().positive(),
    z
      .string()
      .regex(/^\d{1,12}$/)
      .transform(Number),
  ]),
  fileType: z.string().min(1).max(100),
})

/** `ms.GenerateURLForDownloadFile` (`spec/messaging.md` 5.8). */
export const DownloadUrlBody = z.object({ relativePath: z.string().min(1).max(500) })
