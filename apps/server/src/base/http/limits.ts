export interface HttpLimits {
  bodyBytes: number
  /** For a whole request to arrive; a slower one is answered 408. */
  requestTimeoutMs: number
  headersTimeoutMs: number
  /** How often the two above are looked at. */
  connectionsCheckMs: number
}

export const DEFAULT_LIMITS: HttpLimits = {
  bodyBytes: 1_048_576,
  requestTimeoutMs: 60_000,
  headersTimeoutMs: 20_000,
  connectionsCheckMs: 5000,
}
