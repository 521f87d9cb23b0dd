import {
  type AutomaticMessage,
  type AutomaticMessageSetting,
  defaultMessage,
} from './automatic-messages.ts'
import type { CbotEventType } from './events/cbot-event-type.ts'
import { languageAndItsParents } from './language-and-its-parents.ts'

/**
 * What is in force for a skill and a language. A setting for the skill beats one for all skills, then one for the
 * language beats one for all languages; each member is taken from the most special setting that has it, and else from Parley's
 * own message in that language, or in the account's where it is not known.
 */
export function effectiveMessage(
  settings: readonly AutomaticMessageSetting[],
  type: CbotEventType,
  skillId: string | undefined,
  language: string | undefined,
  accountLanguage: string | undefined,
): AutomaticMessage {
  const ofType = settings.filter((setting) => setting.type === type)
  // Few accounts have texts in several languages, and looking for the parents of one costs more than all else here.
  const isAsked = language !== undefined && ofType.some((setting) => setting.language !== undefined)
  const languages = isAsked ? languageAndItsParents(language) : []
  const ranked = ofType
    .map((setting) => ({ setting, rank: rankOf(setting, skillId, languages) }))
    .filter(({ rank }) => rank !== undefined)
    .sort((a, b) => (b.rank ?? 0) - (a.rank ?? 0))
    .map(({ setting }) => setting)

  const fallback = defaultMessage(type, language ?? accountLanguage)
  const timing = ranked.find((setting) => setting.timing)?.timing ?? fallback.timing
  return {
    type,
    active: ranked.find(({ active }) => active !== undefined)?.active ?? fallback.active,
    text: ranked.find(({ text }) => text !== undefined)?.text ?? fallback.text,
    ...(timing === undefined ? {} : { timing }),
  }
}

const SKILL_RANK = 1_000

function rankOf(
  setting: AutomaticMessageSetting,
  skillId: string | undefined,
  languages: readonly string[],
): number | undefined {
  if (setting.skillId !== undefined && setting.skillId !== skillId) return undefined
  const skillRank = setting.skillId === undefined ? 0 : SKILL_RANK
  if (setting.language === undefined) return skillRank
  const at = languages.indexOf(setting.language)
  return at === -1 ? undefined : skillRank + languages.length - at
}
