import * as z from 'zod'
import {
  BotChannelName,
  BotChannels,
  BotErrorPage,
  BotErrors,
  BotSettings,
  BotState,
} from './bot-agents.ts'
import { MAX_BOT_BYTES } from './bot-export.ts'
import type { RouteSpec } from './route.ts'
import { AskedId, Instant, MAX_MESSAGE_CHARACTERS, StorableText, Uuid } from './text.ts'

/** An export is read by `BotExport`; everything in it is kept. */
const ExportFile = z.record(z.string(), z.unknown())

/** Answers of integrations by their names, in place of calls. */
const Answers = z.record(
  z.string().max(1_000),
  z.strictObject({
    status: z.int().min(100).max(599).default(200),
    body: z.unknown(),
    /** In place of an answer: why there is none. */
    failed: z.string().max(1_000).optional(),
  }),
)

/** What an account sets for a bot beside its export. Members that are absent keep their values. */
export const BuilderBotChange = z.strictObject({
  /** Of these skills the bot takes conversations. */
  skillIds: z.array(z.string().min(1).max(100)).max(100).optional(),
  channels: BotChannels.optional(),
  escalation: BotSettings.shape.escalation.optional(),
  /** The skills of this account by those that the export hands over to. */
  skillMap: z.record(z.string().max(200), z.string().min(1).max(100)).optional(),
  answers: Answers.optional(),
})
export type BuilderBotChange = z.infer<typeof BuilderBotChange>

/** A bot of Conversation Builder. */
export const BuilderBot = z.object({
  botId: Uuid,
  /** The id that its export has. */
  exportId: z.string(),
  name: z.string(),
  /** Rises with each new export. Open conversations go on with theirs. */
  revision: z.int().positive(),
  skillIds: z.array(z.string()),
  channels: BotChannels,
  escalation: BotSettings.shape.escalation,
  skillMap: z.record(z.string(), z.string()),
  answers: z.record(z.string(), z.unknown()),
  /** The bot's own user: who it is in conversations. */
  userId: z.string(),
  state: BotState,
  openConversations: z.int(),
  createdAt: Instant,
  updatedAt: Instant,
})
export type BuilderBot = z.infer<typeof BuilderBot>

const Warning = z.object({ interaction: z.string(), what: z.string() })

const Named = z.object({ id: z.string(), name: z.string() })

/** An open conversation of a bot, and where it stands. */
export const BuilderConversation = z.object({
  channel: BotChannelName,
  /** Of a live chat, the id of the chat. */
  conversationId: z.string(),
  skillId: z.string(),
  /** When it came to the bot. */
  since: Instant,
  /** Of the export with which it began; absent before the bot's first answer. */
  revision: z.int().positive().optional(),
  /** `null` between two dialogs: the next message begins one. */
  dialog: Named.nullable(),
  /** The question that waits for an answer. */
  interaction: Named.nullable(),
  /** Since when dialog and interaction are these. */
  standsSince: Instant.optional(),
  /** Of the bot's last answer: what has failed, is not there, or was said for debugging. */
  notes: z.array(Warning),
})
export type BuilderConversation = z.infer<typeof BuilderConversation>

/** What an import has found. */
export const BotImport = z.object({
  botId: Uuid,
  revision: z.int().positive(),
  /** What is not there, or will not run. */
  warnings: z.array(Warning),
  hosts: z.array(z.object({ host: z.string(), allowed: z.boolean() })),
})
export type BotImport = z.infer<typeof BotImport>

/** One interaction of a bot, without its code. */
export const BuilderStep = z.object({
  interactionId: z.string(),
  name: z.string(),
  /** As its export spells it, such as `TEXT_QUESTION`. */
  kind: z.string(),
  isOn: z.boolean(),
  /** The first words that it says. */
  says: z.string().optional(),
  /** The messages that begin it. */
  patterns: z.array(z.string()),
  /** The integration that it calls: a host, or a function. */
  calls: z
    .object({ name: z.string(), host: z.string().optional(), functionId: z.string().optional() })
    .optional(),
  /** Where its rules lead, in their order: conditions, and the name of what follows, or `next`, `none`, `close_dialog`, `close_conversation`. */
  rules: z.array(
    z.object({
      when: z.array(z.object({ kind: z.string(), value: z.string() })),
      to: z.string(),
    }),
  ),
  hasCode: z.boolean(),
})
export type BuilderStep = z.infer<typeof BuilderStep>

/** What the newest export of a bot does, and what of it will not run. */
export const BuilderSteps = BotImport.omit({ botId: true }).extend({
  dialogs: z.array(
    Named.extend({
      /** Answers what nothing else matches. */
      isFallback: z.boolean(),
      isOn: z.boolean(),
      steps: z.array(BuilderStep),
    }),
  ),
})
export type BuilderSteps = z.infer<typeof BuilderSteps>

const InAccount = z.object({ accountId: z.string() })
const One = InAccount.extend({ botId: AskedId })
const base = '/api/v1/accounts/:accountId/bots'
const FILE = { body: ExportFile, bodyLimit: MAX_BOT_BYTES, maxValues: 400_000 }

export const listBuilderBots = {
  method: 'GET',
  path: base,
  auth: 'account:read',
  summary: 'Bots of Conversation Builder',
  params: InAccount,
  reply: z.object({ bots: z.array(BuilderBot) }),
} as const satisfies RouteSpec

export const createBuilderBot = {
  method: 'POST',
  path: base,
  auth: 'account:write',
  summary: 'Imports an export of Conversation Builder; the bot is offline and has no skills',
  params: InAccount,
  ...FILE,
  reply: BotImport,
  status: 201,
} as const satisfies RouteSpec

export const getBuilderBot = {
  method: 'GET',
  path: `${base}/:botId`,
  auth: 'account:read',
  summary: 'One bot',
  params: One,
  reply: BuilderBot,
} as const satisfies RouteSpec

export const readBuilderSteps = {
  method: 'GET',
  path: `${base}/:botId/steps`,
  auth: 'account:read',
  summary:
    'Dialogs and interactions of the newest export without their code, and what will not run',
  params: One,
  reply: BuilderSteps,
} as const satisfies RouteSpec

export const exportBuilderBot = {
  method: 'GET',
  path: `${base}/:botId/export`,
  // It holds code, and may hold keys of services.
  auth: 'account:write',
  audit: 'bot.exported',
  summary: 'The export as it was imported, members that nothing reads included',
  params: One,
  reply: ExportFile,
} as const satisfies RouteSpec

export const replaceBuilderBot = {
  method: 'PUT',
  path: `${base}/:botId`,
  auth: 'account:write',
  summary: 'Imports a new export of the same bot; open conversations end on the one they have',
  params: One,
  ...FILE,
  reply: BotImport,
} as const satisfies RouteSpec

export const changeBuilderBot = {
  method: 'PATCH',
  path: `${base}/:botId`,
  auth: 'account:write',
  summary: 'Changes skills, channels, escalation, skill map or canned answers',
  params: One,
  body: BuilderBotChange,
  reply: BuilderBot,
} as const satisfies RouteSpec

export const deleteBuilderBot = {
  method: 'DELETE',
  path: `${base}/:botId`,
  auth: 'account:write',
  summary: 'Deletes a bot without open conversations, and its user',
  params: One,
  status: 204,
} as const satisfies RouteSpec

export const setBuilderBotState = {
  method: 'PUT',
  path: `${base}/:botId/state`,
  auth: 'account:write',
  summary: 'Starts a bot, or stops it',
  params: One,
  body: z.strictObject({ state: z.enum(['online', 'offline']) }),
  reply: BuilderBot,
} as const satisfies RouteSpec

export const listBuilderConversations = {
  method: 'GET',
  path: `${base}/:botId/conversations`,
  auth: 'conversation:read',
  summary:
    'Open conversations of a bot that the caller may see, and where each stands in its dialogs',
  params: One,
  query: z.object({
    limit: z.coerce.number().int().min(1).max(200).default(50),
    /** `next` of another page. */
    after: StorableText.max(200).optional(),
  }),
  reply: z.object({ conversations: z.array(BuilderConversation), next: z.string().optional() }),
} as const satisfies RouteSpec

export const listBuilderErrors = {
  method: 'GET',
  path: `${base}/:botId/errors`,
  auth: 'account:read',
  summary: 'What failed in a bot, the newest first',
  params: One,
  query: BotErrorPage,
  reply: BotErrors,
} as const satisfies RouteSpec

const Offers = {
  quickReplies: z.array(z.object({ title: z.string(), payload: z.string() })).optional(),
  choicesPerRow: z.number().optional(),
}

/** What a bot says and does. */
const BotOutput = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text: z.string(), ...Offers }),
  z.object({ kind: z.literal('card'), content: z.unknown(), ...Offers }),
  z.object({ kind: z.literal('delay'), ms: z.number() }),
  /** For the people of the account only. */
  z.object({ kind: z.literal('private'), text: z.string() }),
  /** Without a skill, to any. */
  z.object({ kind: z.literal('transfer'), skillId: z.string().optional() }),
  z.object({ kind: z.literal('close') }),
])

export const talkToBuilderBot = {
  method: 'POST',
  path: `${base}/:botId/talk`,
  auth: 'account:write',
  audit: false,
  summary:
    'Says one line to a bot outside of any conversation; integrations without a canned answer are called',
  params: One,
  body: z.strictObject({
    message: StorableText.min(1).max(MAX_MESSAGE_CHARACTERS),
    /** What the message means, where something has recognised it: the id or name of an intent. */
    intent: StorableText.max(1_000).optional(),
    /** `state` of the answer before; absent at the beginning. */
    state: z.unknown().optional(),
  }),
  // What the state holds of the context store.
  maxValues: 100_000,
  reply: z.object({
    /** In the order of the bot. */
    outputs: z.array(BotOutput),
    notes: z.array(Warning),
    state: z.unknown(),
  }),
} as const satisfies RouteSpec
