import * as z from 'zod'
import { MAX_QUICK_REPLIES } from './limits.ts'

/** Whose data of the context store is meant. */
export const ContextScope = z.enum(['conversation', 'user', 'global'])
export type ContextScope = z.infer<typeof ContextScope>

/** Data of one namespace. */
export interface ContextPlace {
  scope: ContextScope
  namespace: string
}

/** Nothing has a longer name. */
const MAX_NAME = 1_000
/** Cut to one more than names have: it fits nothing, and what else the code has done is done. */
const Name = z.string().transform((name) => name.slice(0, MAX_NAME + 1))
const Text = z.string()
/** One more than are shown: the bot notes that some were left out. */
const QuickReplies = z.array(Text).max(MAX_QUICK_REPLIES + 1)

/** What code of a bot has done, in its order. Hostile code may have written it. */
const Effect = z.discriminatedUnion('do', [
  z.object({
    do: z.literal('setVariable'),
    name: Name,
    value: z.unknown(),
    session: z.boolean(),
    forever: z.boolean(),
  }),
  z.object({
    do: z.literal('say'),
    text: Text,
    quickReplies: QuickReplies,
  }),
  z.object({ do: z.literal('stop') }),
  z.object({ do: z.literal('trigger'), name: Name }),
  z.object({ do: z.literal('delay'), ms: z.number() }),
  z.object({ do: z.literal('quickReplies'), quickReplies: QuickReplies }),
  z.object({ do: z.literal('debug'), text: Text }),
  z.object({ do: z.literal('event'), name: Name, text: Text }),
  z.object({ do: z.literal('option'), title: Text.nullable() }),
  z.object({ do: z.literal('register'), namespace: Name, ttlSeconds: z.number().nullable() }),
  z.object({ do: z.literal('unregister'), namespace: Name }),
  z.object({
    do: z.literal('setContext'),
    scope: ContextScope,
    namespace: Name,
    key: Name,
    value: z.unknown(),
  }),
  z.object({
    do: z.literal('deleteContext'),
    scope: ContextScope,
    namespace: Name,
    key: Name.nullable(),
  }),
])
export type CodeEffect = z.infer<typeof Effect>
export type ContextChange = Extract<
  CodeEffect,
  { do: 'register' | 'unregister' | 'setContext' | 'deleteContext' }
>

export const CodeAnswer = z.object({
  effects: z.array(Effect).max(1_000),
  /** Data that the code has asked for and that was not loaded: it runs again with it. */
  needs: z.array(z.object({ scope: ContextScope, namespace: Name })).max(20),
  /** What the code has thrown. */
  error: Text.optional(),
})
export type CodeAnswer = z.infer<typeof CodeAnswer>

/** What is known of the conversation, for code and texts. */
export interface ConversationFacts {
  accountId: string
  botId: string
  conversationId: string
  consumerId: string
  /** Such as `lp_web`. */
  channel: string
  currentSkillId?: string
  previousSkillId?: string
  engagementAttributes?: Record<string, string>
  customerInfo?: Record<string, unknown>
  personalInfo?: Record<string, unknown>
  location?: Partial<Record<'city' | 'state' | 'zip' | 'lat' | 'lng', string>>
  environment?: Record<string, string>
}

/** What a client sends beside its message. */
export type Metadata = Record<string, unknown> & { type?: unknown }

/** What `botContext` answers from while one piece of code runs. */
export interface KnownToCode {
  facts: ConversationFacts
  message: string
  payload: string | null
  variables: Record<string, unknown>
  starterIntent: string | null
  intent: { id: string; name: string } | null
  apiSucceeded: boolean | null
  /** What the last API has answered with, such as `200`. */
  apiStatus: string | null
  /** Of the consumer's last message. */
  metadata: readonly Metadata[]
  /** The loaded data of the context store; `null` for a namespace that is not there. */
  context: { scope: ContextScope; namespace: string; values: Record<string, unknown> | null }[]
}

export interface CodeCall {
  globalFunctions: string
  /** A script, or a hook that `globalFunctions` may define. */
  run: { script: string } | { hook: string }
  known: KnownToCode
}

/** Something outside of the bot did not work, and why. */
export interface Failed {
  failed: string
}

export interface HttpRequest {
  url: string
  method: string
  headers: { key: string; value: string }[]
  body?: string
}

/** What a bot needs of the world. Nothing of it rejects for what a customer's code or service does. */
export interface Outside {
  /** Runs code of the bot in the sandbox. */
  runCode(call: CodeCall): Promise<CodeAnswer | Failed>
  /** Whether the regular expression is found in the text, with its case; within a time limit. */
  search(pattern: string, text: string): Promise<boolean | Failed>
  /** `name` is the integration's. */
  callHttp(name: string, request: HttpRequest): Promise<{ status: number; body: string } | Failed>
  callFunction(
    name: string,
    call: { lambdaUuid: string; headers: { key: string; value: string }[]; payload: unknown },
  ): Promise<{ result: unknown } | Failed>
  /** `undefined` for a namespace that is not there. */
  readContext(place: ContextPlace): Promise<Record<string, unknown> | undefined>
  changeContext(change: ContextChange): Promise<Failed | undefined>
  /** From 0 to below 1. */
  random(): number
}
