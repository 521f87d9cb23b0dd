/** The answer to a request. `afterwards` runs once the answer is sent. */
export interface Answer {
  type: string
  body: unknown
  code?: number
  afterwards?: () => void | Promise<void>
}

/** An answer that is a sentence: most changes have one. */
export function sentence(text: string): Answer {
  return { type: 'StringResponse', body: text }
}
