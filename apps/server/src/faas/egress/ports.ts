/** Where `parley.internal` and the vendor's look-up and context hosts lead. */
export interface InternalListener {
  host: string
  port: number
  /** PEM of the authority that signed the listener's certificates. */
  ca: string
}

/** What outer rooms give. */
export interface EgressPorts {
  allowed(accountId: string, host: string): Promise<boolean> | boolean
  /** For each function of the account; without it, that of the limits. */
  outgoingPerSecond?(accountId: string): Promise<number> | number
  /** A refused outgoing call, for the blocked-calls feed. */
  blocked(
    accountId: string,
    functionId: string,
    host: string,
    port: number,
    reason: string,
    /** `file:line:column` of the call in the source, as the function itself tells it; '' when unknown. */
    at: string,
  ): void
}

/** Sizes in bytes. */
export interface EgressLimits {
  outgoingPerSecond: number
  outgoingBytes: number
  outgoingMs: number
}
