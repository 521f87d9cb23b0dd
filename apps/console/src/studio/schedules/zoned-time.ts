import { locale } from '../words/index.ts'

const TO_THE_MINUTE = {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZoneName: 'short',
} as const

/** A time as the clocks of this zone show it, with what they are called then; those of the browser where it does not know the zone. */
export function zonedTime(at: string, timeZone: string): string {
  try {
    return new Date(at).toLocaleString(locale, { ...TO_THE_MINUTE, timeZone })
  } catch (error) {
    // The server may know zones that the browser does not.
    if (!(error instanceof RangeError)) throw error
    return new Date(at).toLocaleString(locale, TO_THE_MINUTE)
  }
}
