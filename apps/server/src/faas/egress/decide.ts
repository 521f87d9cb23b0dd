import { isIP } from 'node:net'
import { isOwnHost, isPublicAddress } from '#base/http'
import type { InternalListener } from './ports.ts'

export interface EgressRules {
  allowed(accountId: string, host: string): Promise<boolean> | boolean
  /** `host:port` entries of the operator. */
  privateTargets: readonly string[]
  internal(): InternalListener | undefined
  lookup(host: string): Promise<string[]>
}

export type EgressDecision =
  | { dial: { host: string; port: number } }
  | { refuse: { status: number; reason: string } }

const HOST_NAME =
  /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/

/** Decides where an outgoing call may lead. The proxy dials the checked address itself: a second look-up could differ. */
export async function decideEgress(
  rules: EgressRules,
  accountId: string,
  host: string,
  port: number,
): Promise<EgressDecision> {
  const isAddress = isIP(host) !== 0
  if (!isAddress && !HOST_NAME.test(host)) return refuse(400, 'Not a host name')
  if (port === 443 && isOwnHost(host)) {
    const listener = rules.internal()
    if (!listener) return refuse(502, `${host} is not served by this node`)
    return { dial: { host: listener.host, port: listener.port } }
  }
  if (rules.privateTargets.includes(`${host}:${port}`)) return { dial: { host, port } }
  if (!(await rules.allowed(accountId, host))) {
    return refuse(403, `${host} is not on the list of allowed domains`)
  }
  const addresses = isAddress ? [host] : await lookUp(rules, host)
  const [first] = addresses
  if (first === undefined) return refuse(502, `${host} could not be resolved`)
  if (!addresses.every(isPublicAddress)) return refuse(403, `${host} is a private or local target`)
  return { dial: { host: first, port } }
}

function refuse(status: number, reason: string): EgressDecision {
  return { refuse: { status, reason } }
}

async function lookUp(rules: EgressRules, host: string): Promise<string[]> {
  try {
    return await rules.lookup(host)
  } catch {
    return []
  }
}

/** Splits what follows CONNECT; `undefined` when it is no `host:port`. */
export function readTarget(target: string): { host: string; port: number } | undefined {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(target) ?? []
  const port = Number(digits)
  const host = (bracketed ?? plain ?? '').toLowerCase().replace(/\.$/, '')
  return host === '' || !(port >= 1 && port <= 65_535) ? undefined : { host, port }
}
