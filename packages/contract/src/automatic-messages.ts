import * as z from 'zod'
import { CbotEventType } from './events/cbot-event-type.ts'
import { CBOT_EVENT_TYPES, type IdleType, TYPE_DEFINITIONS } from './events/messaging-events.ts'
import { IdleTiming } from './idle-timing.ts'
import type { RouteSpec } from './route.ts'
import { spokenLanguage } from './spoken-language.ts'
import { MAX_MESSAGE_CHARACTERS, StorableText } from './text.ts'

/** The types that happen because time has passed; only these have a timing. */
export const IDLE_TYPES: readonly IdleType[] = CBOT_EVENT_TYPES.filter(isIdleType)
export type { IdleType }

/** Whether time raises this type. */
export function isIdleType(type: CbotEventType): type is IdleType {
  return TYPE_DEFINITIONS[type].timing !== undefined
}

/** A language tag in its canonical spelling, such as `en-US`. */
export const Language = z
  .string()
  .regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/, 'must be a language tag such as en or en-US')
  .transform((tag, context) => {
    try {
      return Intl.getCanonicalLocales(tag)[0] ?? tag
    } catch {
      context.addIssue({ code: 'custom', message: 'must be a language tag such as en or en-US' })
      return z.NEVER
    }
  })

/** What is wrong with a text that shows nothing. Accounts may have blank ones from before: only new ones are refused. */
export const NOT_EMPTY = 'must not be empty; set active to false to send nothing'

/** What one setting changes. A member that is absent is inherited from a more general setting, at last from the default. */
export const AutomaticMessageChange = z.strictObject({
  active: z.boolean().optional(),
  text: StorableText.min(1, NOT_EMPTY).max(MAX_MESSAGE_CHARACTERS).optional(),
  timing: IdleTiming.optional(),
})
export type AutomaticMessageChange = z.infer<typeof AutomaticMessageChange>

/** What an account has set for one type, skill and language (`spec/bots.md` 1.1). */
export const AutomaticMessageSetting = AutomaticMessageChange.extend({
  type: CbotEventType,
  /** Absent for all skills. */
  skillId: z.string().optional(),
  /** Absent for all languages. */
  language: z.string().optional(),
})
export type AutomaticMessageSetting = z.infer<typeof AutomaticMessageSetting>

/** What is in force for a skill and a language. */
export const AutomaticMessage = z.object({
  type: CbotEventType,
  active: z.boolean(),
  text: z.string(),
  timing: IdleTiming.optional(),
})
export type AutomaticMessage = z.infer<typeof AutomaticMessage>

/** Every automatic message: one for each type of the events of messaging. */
export const AUTOMATIC_MESSAGE_TYPES = CBOT_EVENT_TYPES

/**
 * What is sent while the account has set nothing: every message is on.
 * @param language a tag such as `de-AT`; English where it is absent, or another than English and German
 */
export function defaultMessage(
  type: CbotEventType,
  language: string | undefined,
): AutomaticMessage {
  const { text, timing } = TYPE_DEFINITIONS[type]
  return { type, active: true, text: text[spokenLanguage(language)], ...(timing && { timing }) }
}

const base = '/api/v1/accounts/:accountId/automatic-messages'
const InAccount = z.object({ accountId: z.string() })
const OneType = InAccount.extend({ type: CbotEventType })
const For = z.object({ skillId: z.string().optional(), language: Language.optional() })

export const listAutomaticMessages = {
  method: 'GET',
  path: base,
  auth: 'account:read',
  summary: 'Defaults of every automatic message, and what the account has set',
  params: InAccount,
  reply: z.object({
    defaults: z.array(AutomaticMessage),
    settings: z.array(AutomaticMessageSetting),
  }),
} as const satisfies RouteSpec

export const getAutomaticMessage = {
  method: 'GET',
  path: `${base}/:type`,
  auth: 'account:read',
  summary: 'The automatic message in force for a skill and a language',
  params: OneType,
  query: For,
  reply: AutomaticMessage,
} as const satisfies RouteSpec

export const setAutomaticMessage = {
  method: 'PUT',
  path: `${base}/:type`,
  auth: 'account:write',
  summary: 'Sets an automatic message for all skills or one, for all languages or one',
  params: OneType,
  query: For,
  body: AutomaticMessageChange,
  reply: AutomaticMessageSetting,
} as const satisfies RouteSpec

export const resetAutomaticMessage = {
  method: 'DELETE',
  path: `${base}/:type`,
  auth: 'account:write',
  summary: 'Takes back what was set for exactly this skill and language',
  params: OneType,
  query: For,
  status: 204,
} as const satisfies RouteSpec
