import * as z from 'zod'
import type { Permission } from './permissions.ts'
import type { RouteSpec } from './route.ts'
import { AskedId, Instant, listOf } from './text.ts'

/** What a stream of updates tells of, with what its readers need: the permission of the list. */
export const UPDATE_TOPICS = {
  /** Conversations in the reader's sight. `id`: the conversation; `revision`: its version. */
  conversations: 'conversation:read',
  /** Availability and slots. `id`: the user. */
  agents: 'conversation:read',
  /** Live chats, and who gets their transcripts: without an `id`. */
  chats: 'conversation:read',
  /** What the supervisor's board shows: conversations, live chats and agents, without an `id`. */
  board: 'conversation:manage',
  /** `id`: the function. */
  runs: 'record:read',
  /** Entries of functions' logs, without an `id`. */
  logs: 'log:read',
  /** Drafts, versions and what is deployed. `id`: the function. */
  functions: 'function:read',
  /** Only what is deployed. `id`: the function. */
  deployments: 'function:read',
  schedules: 'schedule:read',
  secrets: 'secret:read',
  /** Allowed domains. */
  domains: 'allowlist:read',
  users: 'account:read',
  skills: 'account:read',
  calendars: 'account:read',
  settings: 'account:read',
  automaticMessages: 'account:read',
  bots: 'account:read',
  connectors: 'account:read',
  surveys: 'account:read',
  /** Applications, API keys, issuers, signing keys. */
  applications: 'account:write',
  mails: 'conversation:read',
  deadLetters: 'delivery:manage',
  /** What callers have changed. */
  audit: 'audit:read',
  clock: 'account:write',
} as const satisfies Record<string, Permission>

/** One of `UPDATE_TOPICS`. */
export const UpdateTopic = z.enum(Object.keys(UPDATE_TOPICS) as (keyof typeof UPDATE_TOPICS)[])
export type UpdateTopic = z.infer<typeof UpdateTopic>

/** Says that something has changed, not what it is now: readers read it with their own rights. */
export const Update = z.object({
  topic: UpdateTopic,
  /** Absent: anything of the topic may have changed, so that its list has to be read again. */
  id: z.string().optional(),
  /** Of `runs`, where a conversation has caused them. */
  conversationId: z.string().optional(),
  /** Grows with each change. Of `conversations`. */
  revision: z.int().optional(),
  /** When the server knew of it. */
  at: Instant,
})
export type Update = z.infer<typeof Update>

/** `id` of the last event that a reader has: the domain time of the server in milliseconds. */
const Place = z.coerce.number().int().min(0).max(8.64e15)

/**
 * Server-sent events: `ready` once, when everything that follows will be told; `changed` with an `Update`. A reader that comes again
 * names the `id` of the last event in `Last-Event-ID` or `after`, and is told of what has changed since; of live chats it reads the
 * lists again.
 */
export const streamUpdates = {
  method: 'GET',
  path: '/api/v1/accounts/:accountId/updates',
  auth: 'account',
  summary: 'Names of what changes, by topic, as server-sent events',
  params: z.object({ accountId: z.string() }),
  query: z.object({
    /** Those that the caller may read, unless given. One that it may not read is refused. */
    topics: listOf(UpdateTopic),
    /** Of conversations and runs, only these. */
    conversationId: z.string().max(200).optional(),
    /** Of functions, deployments and runs, only these. */
    functionId: AskedId.max(200).optional(),
    /** With the events of live chats that `chat-events` sends: a page needs one stream then. Takes the permission `conversation:read`. */
    chats: z.stringbool().default(false),
    after: Place.optional(),
  }),
  answers: ['text/event-stream'],
} as const satisfies RouteSpec

/** By the first part of a path below the account: what its operations change. */
const TOPICS_OF_PATHS: Record<string, readonly UpdateTopic[] | undefined> = {
  functions: ['functions'],
  lambdas: ['functions'],
  deployments: ['functions', 'deployments'],
  schedules: ['schedules'],
  secrets: ['secrets'],
  'allowed-domains': ['domains'],
  'proxy-settings': ['domains'],
  users: ['users'],
  skills: ['skills'],
  calendars: ['calendars'],
  settings: ['settings'],
  'canned-answers': ['settings'],
  'chat-settings': ['settings'],
  'transcript-settings': ['settings'],
  'report-settings': ['settings'],
  'automatic-messages': ['automaticMessages'],
  bots: ['bots'],
  connectors: ['connectors'],
  surveys: ['surveys'],
  clients: ['applications'],
  'api-keys': ['applications'],
  issuers: ['applications'],
  'signing-keys': ['applications'],
  'dead-letters': ['deadLetters'],
  mails: ['mails'],
  'mail-bounces': ['mails'],
  clock: ['clock'],
  // Told of where it is committed, or shown by no list.
  'agent-commands': [],
  agents: [],
  caller: [],
  chats: [],
  consumer: [],
  'context-store': [],
  conversations: [],
  erasures: [],
  invitation: [],
  invitations: [],
  invocations: [],
  replays: [],
  sessions: [],
  'survey-preview': [],
}

/** What a successful call of this route has changed; `undefined` for a path that is not listed. */
export function topicsOf({ path }: Pick<RouteSpec, 'path'>): readonly UpdateTopic[] | undefined {
  const [first = '', , second] = belowAccount(path)
  if (first === 'functions' && second?.startsWith('deployment'))
    return TOPICS_OF_PATHS['deployments']
  return TOPICS_OF_PATHS[first]
}

/** The placeholder for what such a call changes, such as `functionId`. */
export function changedParameter({ path }: Pick<RouteSpec, 'path'>): string | undefined {
  const [, second] = belowAccount(path)
  return second?.startsWith(':') ? second.slice(1) : undefined
}

function belowAccount(path: string): string[] {
  const parts = path.split('/')
  return parts.slice(parts.indexOf(':accountId') + 1)
}
