import { type LeftOut, MailHeader } from '@parley/contract'

export interface ReturnedMails {
  headers: MailHeader[]
  /** Where each of them stands among all entries. */
  positions: number[]
  leftOut: LeftOut[]
  /** Entries beyond the limits that `leftOut` does not list. */
  moreLeftOut: number
  /** Which result has the entry at this position. */
  resultOf(position: number): number
}

/** Limits what a faulty function can send for one chat. */
const MAX_MAILS = 100
const MAX_LISTED = 100

/**
 * The mails in what functions returned. A single object counts as a list of one. An entry that is no valid mail is left out
 * with its reason; the others still count.
 */
export function readReturnedMails(results: readonly unknown[]): ReturnedMails {
  const headers: MailHeader[] = []
  const leftOut: LeftOut[] = []
  const positions: number[] = []
  const entries = results.flatMap((result, of) => entriesOf(result).map((entry) => ({ entry, of })))
  entries.forEach(({ entry }, position) => {
    const parsed = MailHeader.safeParse(entry)
    if (parsed.success && headers.length < MAX_MAILS) {
      headers.push(parsed.data)
      positions.push(position)
    } else if (leftOut.length < MAX_LISTED) leftOut.push({ position, reason: reasonOf(parsed) })
  })
  return {
    headers,
    positions,
    leftOut,
    moreLeftOut: entries.length - headers.length - leftOut.length,
    resultOf: (position) => entries[position]?.of ?? 0,
  }
}

function entriesOf(result: unknown): readonly unknown[] {
  if (result === undefined || result === null) return []
  return Array.isArray(result) ? result : [result]
}

function reasonOf(parsed: ReturnType<typeof MailHeader.safeParse>): string {
  if (parsed.success) return `more than ${MAX_MAILS} mails for one chat`
  return parsed.error.issues
    .map(({ path, message }) => `${path.length > 0 ? path.join('.') : 'entry'}: ${message}`)
    .join('; ')
}
