/** What a request is answered with, and what follows once the answer is on its way. */
export interface Answer {
  type: string
  body: unknown
  code?: number
  afterwards?: () => void | Promise<void>
}

/** Most changes are answered with a sentence. */
export function said(sentence: string): Answer {
  return { type: 'StringResponse', body: sentence }
}
