import * as z from 'zod'

/** The skill of a conversation that has none. */
export const NO_SKILL = '-1'

/** Roles of participants (`spec/messaging.md` 6.1). The Controller Bot is CONTROLLER. */
export const Role = z.enum([
  'CONSUMER',
  'ASSIGNED_AGENT',
  'AGENT',
  'MANAGER',
  'READER',
  'CONTROLLER',
])
export type Role = z.infer<typeof Role>

/** Whose action closed a dialog: `closeReason` of events (`spec/messaging.md` 6.3). */
export const Closer = z.enum(['AGENT', 'CONSUMER', 'SYSTEM'])
export type Closer = z.infer<typeof Closer>

/** Whether a dialog or a conversation is open, as the protocol spells it. */
export const Openness = z.enum(['OPEN', 'CLOSE'])
export type Openness = z.infer<typeof Openness>

/** Kinds of time to respond (`spec/messaging.md` 6.4). */
export const TtrType = z.enum(['URGENT', 'NORMAL', 'PRIORITIZED', 'CUSTOM'])

/** A time to respond: `value` in seconds. */
export const Ttr = z.object({ ttrType: TtrType, value: z.int().nonnegative() })
export type Ttr = z.infer<typeof Ttr>

/** A participant of a dialog. A consumer's `userId` and `pid` are equal; an agent's `userId` has no account prefix. */
export const Participant = z.object({
  userId: z.string(),
  pid: z.string(),
  role: Role,
  state: z.enum(['ACTIVE', 'SUGGESTED']),
})
export type Participant = z.infer<typeof Participant>

/** A participant as events name it: `id` is the pid. */
export const ParticipantRef = z.object({ id: z.string(), role: Role })
export type ParticipantRef = z.infer<typeof ParticipantRef>

/** The participant that wrote or changed something. */
export const Originator = z.object({ userId: z.string(), pid: z.string(), role: Role })
export type Originator = z.infer<typeof Originator>

/** Clients may say more than is known here, but not without end: it is kept with each message. */
const MAX_CHARACTERS_SAID = 4096

function isShort(said: object): boolean {
  return JSON.stringify(said).length <= MAX_CHARACTERS_SAID
}

/** What a client says of itself. Members besides these are kept, up to 4096 characters of JSON in all. */
export const ClientProperties = z
  .looseObject({
    type: z.string().optional(),
    appId: z.string().optional(),
    ipAddress: z.string().optional(),
    deviceFamily: z.string().optional(),
    os: z.string().optional(),
    features: z.array(z.string()).optional(),
  })
  .refine(isShort, `must have at most ${MAX_CHARACTERS_SAID} characters`)
export type ClientProperties = z.infer<typeof ClientProperties>

/** Clients send some ids as numbers. */
const ContextId = z.union([z.string(), z.number()]).transform(String).optional()

/** Where the conversation was opened from, as the consumer's client says. */
export const ConversationContext = z.looseObject({
  type: z.string().optional(),
  lang: z.string().optional(),
  visitorId: ContextId,
  sessionId: ContextId,
  interactionContextId: ContextId,
})
export type ConversationContext = z.infer<typeof ConversationContext>

/** Who visits, and when. */
export interface Visit {
  visitorId: string
  sessionId: string
}

/** A context that names its visit: published examples say nothing of it, or have empty ids. */
export function withVisit(context: ConversationContext | undefined, visit: Visit) {
  return {
    ...context,
    visitorId: context?.visitorId || visit.visitorId,
    sessionId: context?.sessionId || visit.sessionId,
  }
}

/** A campaign's ids arrive as numbers or as strings and are kept as they came. */
const CampaignId = z.union([z.string(), z.number()])

/** The campaign and engagement that the conversation came from, as the consumer's client says. */
export const CampaignInfo = z.object({
  campaignId: CampaignId.optional(),
  engagementId: CampaignId.optional(),
})
export type CampaignInfo = z.infer<typeof CampaignInfo>

/**
 * A part of a conversation with messages and participants of its own (`spec/messaging.md` 6.2). Instants are
 * milliseconds since 1970.
 */
export const Dialog = z.object({
  dialogId: z.string(),
  type: z.enum(['MAIN', 'POST_SURVEY']),
  state: Openness,
  openedAt: z.number(),
  closedAt: z.number().optional(),
  updatedAt: z.number(),
  closedBy: Closer.optional(),
  closedCause: z.string().optional(),
  /** The survey bot's installation, in POST_SURVEY dialogs. */
  appInstallId: z.string().optional(),
  participants: z.array(Participant),
  nextSequence: z.int().nonnegative(),
})
export type Dialog = z.infer<typeof Dialog>

/** An offer of the conversation to one agent (`spec/messaging.md` 5.6). Instants are milliseconds since 1970. */
export const Ring = z.object({
  ringId: z.string(),
  userId: z.string(),
  pid: z.string(),
  state: z.enum(['WAITING', 'ACCEPTED', 'AUTO_ACCEPT', 'REJECTED', 'CANCELLED', 'EXPIRED']),
  startedAt: z.number(),
  expiresAt: z.number(),
})
export type Ring = z.infer<typeof Ring>

/** The newest content message, for lists of conversations. */
export const LastContent = z.object({
  sequence: z.int(),
  dialogId: z.string(),
  at: z.number(),
  originator: Originator,
  event: z.looseObject({ type: z.string() }),
  clientProperties: ClientProperties.optional(),
})
export type LastContent = z.infer<typeof LastContent>

/** One step of a conversation's way between agents and skills, for its history. */
export const RoutingStep = z.object({
  at: z.number(),
  kind: z.enum(['joined', 'left', 'skill', 'transfer']),
  userId: z.string().optional(),
  pid: z.string().optional(),
  role: Role.optional(),
  from: z.string().optional(),
  to: z.string().optional(),
  by: z.string().optional(),
  /** What the request has said of why, such as what a bot has understood. */
  metadata: z.array(z.looseObject({})).optional(),
})
export type RoutingStep = z.infer<typeof RoutingStep>

/** The three idle times: in the queue, without an answer of the agent, without an answer of the consumer. */
export const IdleKind = z.enum(['queue', 'agent', 'consumer'])
export type IdleKind = z.infer<typeof IdleKind>

/** How often an idle kind has fired for its present reason: the message or the wait that began at `since`. */
const IdleCount = z.object({
  since: z.number(),
  fired: z.int().nonnegative(),
  /** The last time. Absent where a version before this one has counted. */
  firedAt: z.number().optional(),
})

/** What became of a timer. Noted where something is committed anyway: when it fires, and when it is found not to be needed. */
export const TimerNote = z.object({
  name: z.string(),
  became: z.enum(['fired', 'cancelled']),
  at: z.number(),
  /** What it waited for began then. */
  since: z.number().optional(),
  dueAt: z.number(),
})
export type TimerNote = z.infer<typeof TimerNote>

/** A rating in the conversation itself, without a survey bot (`spec/messaging.md` 5.5). */
export const CsatRate = z.object({
  csatRate: z.int().min(1).max(5).optional(),
  csatResolutionConfirmation: z.boolean().optional(),
  status: z.enum(['FILLED', 'PARTIALLY_FILLED', 'SKIPPED']).optional(),
})
export type CsatRate = z.infer<typeof CsatRate>

/** Who answers a consumer: a person, a bot that this server runs, or a function by its command. */
export const Answerer = z.enum(['person', 'bot', 'function'])
export type Answerer = z.infer<typeof Answerer>

/** Everything that a conversation's rules decide by. Stored as one versioned document. */
export const ConversationState = z.object({
  conversationId: z.string(),
  consumerId: z.string(),
  /** The ids that this consumer had before stepping up; they may still read. */
  formerConsumerIds: z.array(z.string()),
  /** Whether the consumer has proved who it is (external identity). */
  authenticated: z.boolean(),
  skillId: z.string(),
  /** Whether MAIN is open. */
  state: Openness,
  /** Whether any dialog is open. */
  stage: Openness,
  startedAt: z.number(),
  endedAt: z.number().optional(),
  updatedAt: z.number(),
  closedBy: Closer.optional(),
  autoClosed: z.boolean().optional(),
  firstConversation: z.boolean(),
  openedOffHours: z.boolean(),
  ttr: Ttr,
  manualEttr: z.number().optional(),
  /** When an answer is due; -1 once closed. */
  effectiveTtr: z.number(),
  /** What it was when MAIN was closed. */
  effectiveTtrBeforeClose: z.number().optional(),
  delay: z.object({ type: z.string(), tillWhen: z.number() }).optional(),
  dialogs: z.array(Dialog).min(1),
  assignedAgentId: z.string().optional(),
  assignedAt: z.number().optional(),
  /** The assigned agent is a bot that this server runs: see `bots/bot-agents`. */
  servedByBot: z.literal(true).optional(),
  /** Waiting for an agent since; absent while an agent is assigned, and once closed. */
  waitingSince: z.number().optional(),
  backToQueueAt: z.number().optional(),
  rings: z.array(Ring),
  /** Agents that gave this conversation back, rejected it or let it expire: how often, and when last. */
  refusals: z.record(z.string(), z.object({ count: z.int(), at: z.number() })),
  /** Whether it came from another agent or skill: occupied agents take only such conversations. */
  transferred: z.boolean(),
  /** When an agent that refused may be rung again. */
  ringAgainAt: z.number().optional(),
  suggestion: z.object({ userId: z.string(), until: z.number() }).optional(),
  context: ConversationContext.optional(),
  clientProperties: ClientProperties.optional(),
  campaignInfo: CampaignInfo.optional(),
  clientIp: z.string().optional(),
  /** The application that opened it for its consumer, and is told of it by its webhook. */
  connectorId: z.string().optional(),
  lastContent: LastContent.optional(),
  lastConsumerMessageAt: z.number().optional(),
  lastAgentMessageAt: z.number().optional(),
  /** The oldest consumer message that no agent has answered. */
  unansweredSince: z.number().optional(),
  /** From when an answer to that message is awaited, where it came while the contact centre was closed. */
  awaitedFrom: z.number().optional(),
  /** The newest message of an agent that the consumer has not answered. */
  consumerPendingSince: z.number().optional(),
  /** First and last sequences in MAIN of the consumer's messages that the assigned agent has neither read nor answered. */
  unreadRanges: z.array(z.tuple([z.int(), z.int()])).optional(),
  /** The same one by one, as an earlier version stored them: read until the next change. */
  unread: z.array(z.int()).optional(),
  /** Who has answered the consumer so far, each named once. */
  answeredBy: z.array(Answerer).optional(),
  idle: z.partialRecord(IdleKind, IdleCount),
  /** When each armed timer fires. A timer that is no longer wanted, or wanted later, may fire without effect. */
  timers: z.record(z.string(), z.number()),
  /** What became of timers, the newest 50, oldest first. */
  timerNotes: z.array(TimerNote).optional(),
  csat: CsatRate.optional(),
  /** The routing steps, oldest first. */
  moves: z.array(RoutingStep),
})
export type ConversationState = z.infer<typeof ConversationState>

/** What an automatic message answers. */
export const MessageCause = z.object({
  /** The request id of the runs that the event has asked for. */
  invocationId: z.string(),
  /** None of them said it: it is the text set for the event. */
  isDefault: z.boolean(),
})
export type MessageCause = z.infer<typeof MessageCause>

/** A stored message. Sequences count content and accept-status events of one dialog, from 0. */
export const StoredMessage = z.object({
  conversationId: z.string(),
  dialogId: z.string(),
  sequence: z.int().nonnegative(),
  at: z.number(),
  originator: Originator,
  event: z.looseObject({ type: z.string() }),
  metadata: z.array(z.looseObject({})).optional(),
  encodedMetadata: z.string().optional(),
  clientProperties: ClientProperties.optional(),
  /** Of an automatic message about whose event a function was asked. */
  cause: MessageCause.optional(),
  /** Private messages are never shown to consumers. */
  audience: z.enum(['ALL', 'AGENTS_AND_MANAGERS']),
})
export type StoredMessage = z.infer<typeof StoredMessage>

const Sdes = z.array(z.looseObject({}))

/** What is known of a consumer: from the consumer itself, or from the identity that it proved. */
export const ConsumerProfile = z.object({
  firstName: z.string().optional(),
  lastName: z.string().optional(),
  avatarUrl: z.string().optional(),
  role: z.string().optional(),
  backgndImgUri: z.string().optional(),
  description: z.string().optional(),
  privateData: z
    .looseObject({
      mobileNum: z.string().optional(),
      mail: z.string().optional(),
      email: z.string().optional(),
      userId: z.string().optional(),
    })
    .optional(),
  authenticatedData: z.looseObject({ lp_sdes: Sdes.optional() }).optional(),
  claims: z.looseObject({ lp_sdes: Sdes.optional(), iss: z.string().optional() }).optional(),
  acr: z.string().optional(),
})
export type ConsumerProfile = z.infer<typeof ConsumerProfile>
