import type { BotAction, BotIntent, BotMessage } from '@parley/contract'
import * as z from 'zod'
import { firstFlaw } from '#base/input'
import {
  eventOf,
  functionIdOf,
  idOf,
  notKnown,
  optional,
  type ParsedAnswer,
} from './parse-answer.ts'

const Extras = {
  metadata: optional(z.union([z.array(z.looseObject({})), z.looseObject({})]), undefined),
  encodedMetadata: optional(z.string(), undefined),
}
const Entry = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('TEXT'),
    data: z.object({
      message: z.string(),
      messageAudience: optional(z.enum(['ALL', 'AGENTS_AND_MANAGERS']), 'ALL'),
      ...Extras,
    }),
  }),
  z.object({
    type: z.literal('STRUCTURED_CONTENT'),
    data: z.object({ structuredContent: z.looseObject({}), ...Extras }),
  }),
  z.object({
    type: z.literal('DELAY'),
    data: z.object({
      seconds: z.int().min(1).max(3600),
      typing: optional(z.boolean(), true),
    }),
  }),
  z.object({
    type: z.literal('ACTION'),
    data: z.object({ name: z.string(), parameters: optional(z.looseObject({}), {}) }),
  }),
])
type Entry = z.infer<typeof Entry>

const Answer = z.looseObject({
  response: z.array(Entry).max(100),
  analytics: z
    .looseObject({ intents: z.array(z.unknown()).catch([]) })
    .optional()
    .catch(undefined),
})

const Intent = z.object({
  id: z.string().regex(/^\S{1,256}$/),
  description: optional(z.string().max(256), undefined),
  confidenceScore: z.number().min(0).max(1),
})

/** What a custom endpoint has answered (`spec/bots.md` 3.7). */
export function parseEndpointAnswer(answered: unknown): ParsedAnswer {
  const parsed = Answer.safeParse(answered)
  if (!parsed.success) {
    const error = 'aivendor.customendpoint.parse-message.parser-error'
    return { ok: false, error, reason: firstFlaw(parsed.error, 'answer') }
  }
  const { response, analytics } = parsed.data
  const actions = response.filter((entry) => entry.type === 'ACTION')
  if (actions.length > 1) {
    return { ok: false, error: 'aivendor.customendpoint.parse-message.multiple-actions' }
  }
  const messages = response.flatMap(messagesOf)
  const [named] = actions
  const action = named && actionOf(named.data)
  if (messages.length === 0 && !action) {
    const error = named
      ? 'pipes.verify-ai-response.no-messages-and-not-supported-action'
      : 'pipes.verify-ai-response.missing-action-and-messages'
    return { ok: false, error, reason: named && notKnown(named.data.name) }
  }
  const intents = (analytics?.intents ?? []).flatMap(intentOf)
  const unknownAction = named && !action ? notKnown(named.data.name) : undefined
  return { ok: true, messages, action, unknownAction, ...(intents.length > 0 && { intents }) }
}

/** Whether a post hook has left an answer. */
export function isEndpointAnswer(value: unknown): boolean {
  const parsed = Answer.safeParse(value)
  return parsed.success && parsed.data.response.length > 0
}

/** An intent that is not as it must be is left out: what the bot says does not depend on it. */
function intentOf(said: unknown): BotIntent[] {
  const parsed = Intent.safeParse(said)
  if (!parsed.success) return []
  const { id, description, confidenceScore } = parsed.data
  return [{ id, ...(description !== undefined && { name: description }), confidenceScore }]
}

function messagesOf(entry: Entry): BotMessage[] {
  switch (entry.type) {
    case 'ACTION':
      return []
    case 'DELAY':
      return [{ type: 'pause', ...entry.data }]
    case 'TEXT': {
      const { message, messageAudience, ...extras } = entry.data
      const event = { type: 'ContentEvent', contentType: 'text/plain', message }
      return [{ type: 'content', event, audience: messageAudience, ...given(extras) }]
    }
    case 'STRUCTURED_CONTENT': {
      const { structuredContent, ...extras } = entry.data
      return [
        { type: 'content', event: eventOf(structuredContent), audience: 'ALL', ...given(extras) },
      ]
    }
  }
}

function given({ metadata, encodedMetadata }: { metadata?: unknown; encodedMetadata?: unknown }) {
  return {
    ...(metadata !== undefined && { metadata }),
    ...(encodedMetadata !== undefined && { encodedMetadata }),
  }
}

function actionOf({
  name,
  parameters,
}: {
  name: string
  parameters: Record<string, unknown>
}): BotAction | undefined {
  switch (name) {
    case 'TRANSFER': {
      const [skillName, agentId] = [idOf(parameters['skillName']), idOf(parameters['agentId'])]
      return {
        type: 'transfer',
        ...(skillName !== undefined && { skillName }),
        ...(agentId !== undefined && { agentId }),
      }
    }
    case 'CLOSE_CONVERSATION':
      return { type: 'close', withoutSurvey: parameters['withoutPcs'] === true }
    case 'CHANGE_TTR':
      return { type: 'ttr', ttrType: parameters['ttrType'], value: parameters['value'] }
    case 'INVOKE_FUNCTION':
      return {
        type: 'invoke',
        functionId: functionIdOf(parameters),
        payload: parameters['payload'] ?? {},
        failOnError: parameters['failOnError'] === true,
      }
    default:
      return undefined
  }
}
