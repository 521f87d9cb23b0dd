import * as z from 'zod'
import type { RouteSpec } from '../route.ts'
import { cannedAnswers } from './canned-answers.ts'
import { chat } from './chat.ts'
import { consumerPage } from './consumer-page.ts'
import { general } from './general.ts'
import type { SettingsGroup } from './group.ts'
import { identity, tooShortLives } from './identity.ts'
import { limits } from './limits.ts'
import { messaging } from './messaging.ts'
import { recordings } from './recordings.ts'
import { reports } from './reports.ts'
import { retention } from './retention.ts'
import { transcripts } from './transcripts.ts'
import { type UnknownSetting, unknownSettings } from './unknown-settings.ts'

/** The groups that `/settings` shows under their names. It shows the fields of `general` beside them. */
export const shownSettings = {
  limits,
  retention,
  recordings,
  identity,
  messaging,
  consumerPage,
} as const

/** The groups that have a path of their own. */
export const ownSettings = { cannedAnswers, chat, transcripts, reports } as const

type Named<Groups extends Record<string, SettingsGroup>> = {
  [Name in keyof Groups]: z.ZodPrefault<Groups[Name]['schema']>
}

/** A field for each group, which is the empty object when it is absent. */
function fieldsOf<Groups extends Record<string, SettingsGroup>>(groups: Groups): Named<Groups> {
  const fields = Object.entries(groups).map(([name, { schema, purpose }]) => [
    name,
    schema.prefault({}).describe(purpose),
  ])
  return Object.fromEntries(fields) as Named<Groups>
}

/** What `/settings` shows: all that an account can set but what has a path of its own. */
export const AccountSettings = z.object({ ...general.schema.shape, ...fieldsOf(shownSettings) })
export type AccountSettings = z.infer<typeof AccountSettings>

/** All that an account can set, as it is stored: what was never set is absent, and has its default when it is parsed. */
export const AllSettings = AccountSettings.extend(fieldsOf(ownSettings))
export type AllSettings = z.infer<typeof AllSettings>

/** What is named is set. `null` sets a setting that may be null, and takes any other back to its default. */
export const AccountSettingsChange = z
  .record(z.string(), z.json())
  .superRefine((change, context) => {
    for (const { path, message } of [
      ...unknownInSettings(change),
      ...tooShortLives(change['identity']),
    ]) {
      context.addIssue({ code: 'custom', path, message })
    }
  })
export type AccountSettingsChange = z.infer<typeof AccountSettingsChange>

function unknownInSettings(change: unknown): UnknownSetting[] {
  const otherNames = Object.entries(shownSettings).flatMap(([name, group]) =>
    'otherNames' in group
      ? Object.entries(group.otherNames).map(([from, to]) => [`${name}.${from}`, `${name}.${to}`])
      : [],
  )
  return unknownSettings(AccountSettings, change, Object.fromEntries(otherNames))
}

const InAccount = z.object({ accountId: z.string() })
const base = '/api/v1/accounts/:accountId/settings'

export const getAccountSettings = {
  method: 'GET',
  path: base,
  auth: general.read,
  summary: 'Switches, limits, retention and lives of tokens, with their defaults',
  params: InAccount,
  reply: AccountSettings,
} as const satisfies RouteSpec

export const changeAccountSettings = {
  method: 'PATCH',
  path: base,
  auth: general.write,
  summary: 'Sets the settings that are named, also single ones inside limits, retention and others',
  params: InAccount,
  body: AccountSettingsChange,
  reply: AccountSettings,
} as const satisfies RouteSpec

export { type CannedAnswer, getCannedAnswers, setCannedAnswers } from './canned-answers.ts'
export { type ChatSettings, getChatSettings, setChatSettings } from './chat.ts'
export type { ConsumerPageSettings } from './consumer-page.ts'
export { SET_UP_STEPS, type SetUpStep } from './general.ts'
export type { SettingsGroup } from './group.ts'
export type { IdentitySettings } from './identity.ts'
export {
  getReportSettings,
  REPORT_FREQUENCIES,
  type ReportSettings,
  setReportSettings,
} from './reports.ts'
export { type AccountLimits, DEFAULT_LIMITS, MAX_PAYLOAD_BYTES } from './limits.ts'
export type { MessagingSettings } from './messaging.ts'
export {
  getTranscriptSettings,
  setTranscriptSettings,
  type TranscriptSettings,
} from './transcripts.ts'
export { innerSchema } from './unknown-settings.ts'
