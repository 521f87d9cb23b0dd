import { type LeftOut, MailHeader } from '@parley/contract'

export interface ReturnedMails {
  headers: MailHeader[]
  leftOut: LeftOut[]
  /** Entries beyond the limits that `leftOut` does not list. */
  moreLeftOut: number
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
  let count = 0
  results.flatMap(entriesOf).forEach((entry, position) => {
    count++
    const parsed = MailHeader.safeParse(entry)
    if (parsed.success && headers.length < MAX_MAILS) headers.push(parsed.data)
    else if (leftOut.length < MAX_LISTED) leftOut.push({ position, reason: reasonOf(parsed) })
  })
  return { headers, leftOut, moreLeftOut: count - headers.length - leftOut.length }
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
