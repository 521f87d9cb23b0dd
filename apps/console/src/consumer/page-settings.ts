import { retrying, tryFetch } from './retrying.ts'
import type { Tag } from './tag.ts'
import { pageLanguage, words } from './words/index.ts'

interface Texts {
  title?: string | undefined
  greeting?: string | undefined
  closed?: string | undefined
  answerTime?: string | undefined
  launcher?: string | undefined
}

/** What the account has set for its page, as the server sends it. */
export interface PageSettings {
  look: {
    accent: string
    accentDark: string
    scheme: 'auto' | 'light' | 'dark'
    position: 'start' | 'end'
    logoUrl?: string | undefined
    texts: { en: Texts; de: Texts }
    files: boolean
    transcript: boolean
  }
  /** `at` is the server's time: the clock of the consumer's machine may be wrong. */
  hours: { isOpen: boolean; at: string; opensAt?: string; closesAt?: string }
  files: { maxBytes: number }
}

/** The account or the skill of the tag does not exist, or the page may not show it. */
export class UnknownPlaceError extends Error {
  override name = 'UnknownPlaceError'
}

/**
 * Reads the settings, again and again while there is no connection.
 * @throws {UnknownPlaceError} with a sentence for the reader of the page
 */
export async function readPageSettings(tag: Tag): Promise<PageSettings> {
  const { origin, accountId, skillId } = tag
  const query = skillId === undefined ? '' : `?${new URLSearchParams({ skill: skillId })}`
  const address = `${origin}/api/v1/accounts/${encodeURIComponent(accountId)}/consumer/page${query}`
  const response = await retrying(() => tryFetch(address))
  if (response.ok) return (await response.json()) as PageSettings
  throw new UnknownPlaceError(await problemOf(response, tag))
}

async function problemOf(response: Response, { accountId, skillId }: Tag): Promise<string> {
  if (response.status === 403) return words.notHere
  const isSkill = skillId !== undefined && (await response.text()).includes('No skill')
  return isSkill ? words.noSkill(skillId) : words.noAccount(accountId)
}

/** A text of the account; English stands in for what German lacks. */
export function textOf(
  { look: { texts } }: PageSettings,
  language: string,
  name: keyof Texts,
): string | undefined {
  return texts[pageLanguage(language)][name] ?? texts.en[name]
}
