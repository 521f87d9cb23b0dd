import type { AccountSettingsChange, ConsumerPageSettings } from '@parley/contract'
import { changedOver, listOver } from '../api/changed.ts'

export const TEXTS = ['title', 'greeting', 'closed', 'answerTime', 'launcher'] as const
export type TextName = (typeof TEXTS)[number]
export const LANGUAGES = ['en', 'de'] as const
export type PageLanguage = (typeof LANGUAGES)[number]

/** What stands in the form. An empty text is one that the page brings itself. */
export interface Draft {
  accent: string
  accentDark: string
  scheme: ConsumerPageSettings['scheme']
  position: ConsumerPageSettings['position']
  logoUrl: string
  files: boolean
  transcript: boolean
  /** One in each line. */
  sites: string
  texts: Record<PageLanguage, Record<TextName, string>>
}

export function draftOf(look: ConsumerPageSettings): Draft {
  const textsOf = (language: PageLanguage) =>
    Object.fromEntries(TEXTS.map((name) => [name, look.texts[language][name] ?? '']))
  const { accent, accentDark, scheme, position, files, transcript } = look
  return {
    accent,
    accentDark,
    scheme,
    position,
    files,
    transcript,
    logoUrl: look.logoUrl ?? '',
    sites: look.allowedSites.join('\n'),
    texts: { en: textsOf('en'), de: textsOf('de') } as Draft['texts'],
  }
}

/** `newest` with what was typed since `before`. */
export function draftOver(now: Draft, before: Draft, newest: Draft): Draft {
  const merged = changedOver(now, before, newest)
  if (before.sites === now.sites || before.sites === newest.sites) return merged
  const [mine, then, theirs] = [sitesIn(now.sites), sitesIn(before.sites), sitesIn(newest.sites)]
  return { ...merged, sites: listOver(mine, then, theirs, (site) => site).join('\n') }
}

/** What was changed: parts that a colleague has changed meanwhile stay. */
export function changeOf(before: Draft, now: Draft): AccountSettingsChange {
  const change: AccountSettingsChange = {}
  for (const name of [
    'accent',
    'accentDark',
    'scheme',
    'position',
    'files',
    'transcript',
  ] as const) {
    if (now[name] !== before[name]) change[name] = now[name]
  }
  if (now.logoUrl !== before.logoUrl) change['logoUrl'] = now.logoUrl.trim() || null
  if (now.sites !== before.sites) change['allowedSites'] = sitesIn(now.sites)
  const texts: AccountSettingsChange = {}
  for (const language of LANGUAGES) {
    const changed = TEXTS.filter(
      (name) => now.texts[language][name] !== before.texts[language][name],
    )
    if (changed.length === 0) continue
    texts[language] = Object.fromEntries(
      changed.map((name) => [name, now.texts[language][name].trim() || null]),
    )
  }
  if (Object.keys(texts).length > 0) change['texts'] = texts
  return change
}

/** As browsers call them; what is no address goes as it is to the server, which says what is wrong. */
function sitesIn(typed: string): string[] {
  const lines = typed.split(/\s+/).filter((line) => line !== '')
  return lines.map((line) => {
    const url = URL.parse(line)
    return url && /^https?:$/.test(url.protocol) ? url.origin : line
  })
}

const COLOUR = /^#[0-9a-f]{6}$/i

export function isColour(text: string): boolean {
  return COLOUR.test(text)
}

/** The look of the preview. What is no value yet is as it was. */
export function lookOf(stored: ConsumerPageSettings, draft: Draft): ConsumerPageSettings {
  const colour = (name: 'accent' | 'accentDark') =>
    isColour(draft[name]) ? draft[name] : stored[name]
  const logo = URL.parse(draft.logoUrl.trim())
  const textsOf = (language: PageLanguage) =>
    Object.fromEntries(
      TEXTS.flatMap((name) => {
        const text = draft.texts[language][name].trim()
        return text === '' ? [] : [[name, text]]
      }),
    )
  return {
    accent: colour('accent'),
    accentDark: colour('accentDark'),
    scheme: draft.scheme,
    position: draft.position,
    files: draft.files,
    transcript: draft.transcript,
    allowedSites: stored.allowedSites,
    ...(logo?.protocol === 'https:' && { logoUrl: logo.href }),
    texts: { en: textsOf('en'), de: textsOf('de') },
  }
}
