import { type AllSettings, type SpokenLanguage, spokenLanguage } from '@parley/contract'
import { localTime } from './local-time.ts'

const LOCALES: Record<SpokenLanguage, string> = { en: 'en-US', de: 'de-DE' }

/** How an account's mails say times, and in which language. */
export interface MailForm {
  language: SpokenLanguage
  /** `2026-01-05 11:00:00`, in German `05.01.2026 11:00:00`. */
  clockTime(at: number): string
  /** What the time zone is called then, such as `EST`, `GMT+1` or in German `MEZ`. */
  zoneAt(at: number): string
}

type Asked = Pick<AllSettings, 'timeZone' | 'language'>
const made = new WeakMap<Asked, MailForm>()

/** By the account's time zone and language. */
export function mailForm(settings: Asked): MailForm {
  let form = made.get(settings)
  if (!form) {
    form = makeForm(settings)
    made.set(settings, form)
  }
  return form
}

function makeForm({ timeZone, language }: Asked): MailForm {
  const spoken = spokenLanguage(language)
  const zones = new Intl.DateTimeFormat(LOCALES[spoken], { timeZone, timeZoneName: 'short' })
  return {
    language: spoken,
    clockTime(at) {
      const { date, time } = localTime(timeZone, at)
      return `${spoken === 'de' ? date.split('-').toReversed().join('.') : date} ${time}`
    },
    zoneAt: (at) =>
      zones.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? timeZone,
  }
}
