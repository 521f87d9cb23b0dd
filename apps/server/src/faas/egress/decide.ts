import { isIP } from 'node:net'
import { isOwnHost, isPublicAddress } from '#base/http'
import type { InternalListener } from './ports.ts'
import { type Address, BusyResolver, type NameOf } from './resolver.ts'

export interface EgressRules {
  allowed(accountId: string, host: string): Promise<boolean> | boolean
  /** `host:port` entries of the operator. */
  privateTargets: readonly string[]
  internal(): InternalListener | undefined
  /** All addresses of a name. An address stands for itself. */
  lookup(host: string, of: NameOf): Promise<Address[]>
}

export interface Target {
  host: string
  port: number
}

export type EgressDecision =
  | {
      dial: { addresses: Address[]; port: number; own?: InternalListener }
      /** It may be dialled because the account's list has it: each further call on the connection asks the list again. */
      isListed: boolean
    }
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
  if (isIP(host) === 0 && !HOST_NAME.test(host)) return refuse(400, 'Not a host name')
  const isOwn = port === 443 && isOwnHost(host)
  const listener = isOwn ? rules.internal() : undefined
  if (isOwn && !listener) return refuse(502, `${host} is not served by this node`)
  const trusted =
    listener ?? (rules.privateTargets.includes(`${host}:${port}`) ? { host, port } : undefined)
  if (!trusted && !(await rules.allowed(accountId, host))) return refuse(403, notListed(host))
  const named = trusted ?? { host, port }
  const found = await lookUp(rules, named.host, trusted ? 'operator' : 'customer')
  if ('refuse' in found) return found
  const isOpen = trusted || found.addresses.every(({ address }) => isPublicAddress(address))
  if (!isOpen) return refuse(403, `${host} is a private or local target`)
  return {
    dial: { addresses: found.addresses, port: named.port, ...(listener && { own: listener }) },
    isListed: !trusted,
  }
}

export function notListed(host: string): string {
  return `${host} is not on the list of allowed domains`
}

function refuse(status: number, reason: string) {
  return { refuse: { status, reason } }
}

async function lookUp(rules: EgressRules, host: string, of: NameOf) {
  try {
    const addresses = await rules.lookup(host, of)
    return addresses.length === 0 ? refuse(502, `${host} could not be resolved`) : { addresses }
  } catch (error) {
    if (error instanceof BusyResolver) return refuse(429, error.message)
    return refuse(502, `${host} could not be resolved`)
  }
}

/** Reads the target of a tunnel; `undefined` when it is no `host:port`. */
export function readTarget(target: string): Target | undefined {
  if (/[^\x21-\x7e]/.test(target)) return undefined
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(target) ?? []
  const port = Number(digits)
  const host = (bracketed ?? plain ?? '').toLowerCase().replace(/\.$/, '')
  return host === '' || !(port >= 1 && port <= 65_535) ? undefined : { host, port }
}
