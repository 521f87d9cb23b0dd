import type { AutomaticMessage, AutomaticMessageSetting } from '@parley/contract'

export const MESSAGES_PATH = '/$accountId/automatic-messages'

/** For whom a message is looked at: everybody, a skill, a language, or both. */
export interface Scope {
  skill: string | undefined
  language: string | undefined
}

type Settings = readonly AutomaticMessageSetting[]

/** What was set for exactly this type and scope. */
export function settingOf(
  settings: Settings,
  type: AutomaticMessage['type'],
  { skill, language }: Scope,
): AutomaticMessageSetting | undefined {
  return settings.find(
    (one) => one.type === type && one.skillId === skill && one.language === language,
  )
}

/** Languages that have texts, and those of the pages. */
export function languagesOf(settings: Settings, chosen: string | undefined): string[] {
  const known = ['en', 'de', ...settings.flatMap(({ language }) => language ?? [])]
  return [...new Set(chosen === undefined ? known : [...known, chosen])].toSorted()
}
