import type { BotAction, BotErrorSuffix, BotIntent, BotMessage } from '@parley/contract'
import * as z from 'zod'
import { firstFlaw, withoutNulls } from '#base/input'
import { unsendable } from '#bots/bot-agents'

/** A bot says at most so much in one turn. */
const MAX_MESSAGES = 100

/** An optional member: bots write `null`, too, for what they leave out. */
export function optional<Schema extends z.ZodType, const Otherwise>(
  schema: Schema,
  otherwise: Otherwise,
) {
  return schema.nullish().transform((value) => value ?? otherwise)
}

const Given = optional(z.unknown(), undefined)
const Delay = z.object({
  delay: z.int().min(1).max(3600),
  typing: optional(z.boolean(), true),
})
const Private = z.object({ text: z.string(), messageAudience: z.literal('AGENTS_AND_MANAGERS') })
const Rich = z.object({
  structuredContent: z.looseObject({}),
  metadata: Given,
  encodedMetadata: Given,
})
const WithReplies = z.looseObject({ message: z.string(), quickReplies: z.unknown() })

/** Other members of the context are for nobody. */
const Context = z.looseObject({
  action: Given,
  actionParameters: z.looseObject({}).catch({}),
  structuredContent: Given,
  metadata: Given,
  encodedMetadata: Given,
  intentId: Given,
  confidenceScore: Given,
})
const Answer = z.looseObject({
  messages: z.array(z.unknown()).catch([]),
  context: Context.catch(() => Context.parse({})),
})
const Intent = z.object({
  intentId: z.string().min(1).max(256),
  intentName: z.string().max(256).optional().catch(undefined),
  confidenceScore: z.number().min(0).max(1),
})

export type ParsedAnswer =
  | {
      ok: true
      messages: BotMessage[]
      action?: BotAction | undefined
      unknownAction?: string | undefined
      intents?: BotIntent[] | undefined
    }
  | { ok: false; error: BotErrorSuffix; reason?: string | undefined }

/** What a bot that is a function has answered (`spec/bots.md` 3.4). What cannot be sent is found out when it is sent. */
export function parseAnswer(answered: unknown): ParsedAnswer {
  const parsed = Answer.safeParse(answered)
  const { messages: entries, context } = parsed.success
    ? parsed.data
    : { messages: [], context: Context.parse({}) }
  const own = { encodedMetadata: context.encodedMetadata }
  const messages = entries
    .slice(0, MAX_MESSAGES)
    .map((entry, at) => messageOf(entry, own, `messages.${at}`))
  if (entries.length > MAX_MESSAGES) {
    messages.push(unsendable(`messages: must have at most ${MAX_MESSAGES} entries`))
  }
  if (context.structuredContent !== undefined) {
    const { structuredContent, metadata } = context
    messages.push(messageOf({ structuredContent, metadata }, own, 'context'))
  }
  const action = actionOf(context.action, context.actionParameters)
  if (messages.length === 0 && !action) {
    const error =
      context.action === undefined
        ? 'pipes.verify-ai-response.missing-action-and-messages'
        : 'pipes.verify-ai-response.no-messages-and-not-supported-action'
    return { ok: false, error, reason: notKnown(context.action) }
  }
  const saysIntent = context.intentId !== undefined || context.confidenceScore !== undefined
  const intent = saysIntent ? Intent.safeParse(context) : undefined
  if (intent && !intent.success) {
    const error = 'aivendor.faas.parse-message.malformed-alternative-intents'
    return { ok: false, error, reason: firstFlaw(intent.error, 'context') }
  }
  const unknownAction = action ? undefined : notKnown(context.action)
  const intents = intent && { intents: [intentOf(intent.data)] }
  return { ok: true, messages, action, unknownAction, ...intents }
}

/** Whether a hook has left something to say or to do; more is not asked of it. */
export function isAnswer(value: unknown): value is object {
  const parsed = Answer.safeParse(value)
  if (!parsed.success) return false
  const { messages, context } = parsed.data
  return (
    messages.length > 0 || context.structuredContent !== undefined || context.action !== undefined
  )
}

function intentOf({ intentId, intentName, confidenceScore }: z.infer<typeof Intent>): BotIntent {
  return { id: intentId, ...(intentName !== undefined && { name: intentName }), confidenceScore }
}

/** Of an action that is given. Names count as they are written. */
export function notKnown(action: unknown): string | undefined {
  return action === undefined ? undefined : `No action has the name ${JSON.stringify(action)}`
}

/** What an entry of the messages may be. */
const ENTRY =
  'must be a text, or an object with structuredContent, with a delay of whole seconds, or with text and messageAudience "AGENTS_AND_MANAGERS"'

function messageOf(entry: unknown, own: { encodedMetadata: unknown }, path: string): BotMessage {
  if (typeof entry === 'string') return textMessage(entry, 'ALL', own)
  const delay = Delay.safeParse(entry)
  if (delay.success) {
    return { type: 'pause', seconds: delay.data.delay, typing: delay.data.typing }
  }
  const said = Private.safeParse(entry)
  if (said.success) return textMessage(said.data.text, 'AGENTS_AND_MANAGERS', own)
  const rich = Rich.safeParse(entry)
  if (!rich.success) return unsendable(`${path}: ${ENTRY}`)
  const { structuredContent, metadata, encodedMetadata = own.encodedMetadata } = rich.data
  return {
    type: 'content',
    event: eventOf(structuredContent),
    audience: 'ALL',
    ...(metadata !== undefined && { metadata }),
    ...(encodedMetadata !== undefined && { encodedMetadata }),
  }
}

/** Quick replies stand below a text; everything else is a card. */
export function eventOf(structuredContent: object): { type: string; [member: string]: unknown } {
  const content = withoutNulls(structuredContent)
  const replies = WithReplies.safeParse(content)
  if (!replies.success) return { type: 'RichContentEvent', content }
  const { message, quickReplies } = replies.data
  return { type: 'ContentEvent', contentType: 'text/plain', message, quickReplies }
}

function textMessage(
  message: string,
  audience: 'ALL' | 'AGENTS_AND_MANAGERS',
  { encodedMetadata }: { encodedMetadata: unknown },
): BotMessage {
  const event = { type: 'ContentEvent', contentType: 'text/plain', message }
  return {
    type: 'content',
    event,
    audience,
    ...(encodedMetadata !== undefined && { encodedMetadata }),
  }
}

/** `undefined` for what is no supported action. Names count as they are written. */
function actionOf(action: unknown, given: Record<string, unknown>): BotAction | undefined {
  switch (action) {
    case 'TRANSFER':
      return {
        type: 'transfer',
        ...named('skillName', given['skill']),
        ...named('agentId', given['agentId']),
      }
    case 'CLOSE_CONVERSATION':
      return { type: 'close', withoutSurvey: given['withoutPcs'] === true }
    case 'CHANGE_TTR':
      return {
        type: 'ttr',
        // The published table and its example spell it differently.
        ttrType: given['ttrType'] ?? given['ttrtype'],
        value: given['value'],
      }
    case 'INVOCATION':
      return {
        type: 'invoke',
        functionId: functionIdOf(given),
        payload: given['payload'] ?? {},
        failOnError: given['failOnError'] === true,
      }
    default:
      return undefined
  }
}

/** Of an action that calls a function; empty where it names none. */
export function functionIdOf({ lambdaUuid }: Record<string, unknown>): string {
  return typeof lambdaUuid === 'string' ? lambdaUuid : ''
}

/** Bots also name ids as numbers, as long as a number holds them. */
export function idOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return Number.isSafeInteger(value) ? String(value) : undefined
}

/** A name of a skill may be digits, too. */
function named<Name extends string>(name: Name, value: unknown): { [one in Name]?: string } {
  const id = idOf(value)
  return id === undefined ? {} : ({ [name]: id } as { [one in Name]: string })
}
