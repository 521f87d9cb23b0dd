import * as z from 'zod'

/** A time zone of the IANA database, such as `Europe/Berlin`. */
export const TimeZone = z.string().refine(isTimeZone, 'must be a time zone such as Europe/Berlin')

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
