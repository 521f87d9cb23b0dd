import type { FunctionConnections } from '#base/http'

/** The listener behind `parley.internal` and the vendor's look-up and context hosts. */
export interface InternalListener {
  host: string
  port: number
  /** PEM of the authority that signed the listener's certificates. */
  ca: string
  connected: FunctionConnections['connected']
}

/** What the proxy asks and reports about the functions of one sandbox. */
export interface EgressPorts {
  /** This node's TLS listener, once it listens. */
  internal(): InternalListener | undefined
  allowed(accountId: string, host: string): Promise<boolean> | boolean
  /** Outgoing calls per second of each function of the account. Default: that of the limits. */
  outgoingPerSecond?(accountId: string): Promise<number> | number
  /** Reports a refused outgoing call. */
  refused(call: RefusedCall): void
}

/** An outgoing call that the proxy has refused. */
export interface RefusedCall {
  accountId: string
  functionId: string
  host: string
  port: number
  reason: string
  /** `file:line:column` of the call in the author's source, as the function itself reports it; '' when unknown. */
  calledFrom: string
}

/** Of an answer that a function gets, from outside or from this server. */
export const MAX_ANSWER_BYTES = 10_485_760

/** Sizes in bytes. */
export interface EgressLimits {
  outgoingPerSecond: number
  outgoingBytes: number
  outgoingMs: number
}
