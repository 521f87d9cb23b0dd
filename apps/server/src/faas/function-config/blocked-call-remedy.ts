import { isIP } from 'node:net'
import { AllowedHost, type BlockedCall } from '@parley/contract'

type Remedy = Pick<BlockedCall, 'allowedDomain' | 'privateTarget'>

const NAME = /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/

/** The exact entry that would allow a call: a domain of the account's list, or a target that only the operator can name. */
export function remedyOf(
  { host, port, reason }: { host: string; port: number; reason: string },
  isListed: boolean,
): Remedy {
  const isAddress = isIP(host) !== 0
  if (!isAddress && !NAME.test(host)) return {}
  const domain = isAddress ? undefined : domainOf(host)
  if (!isListed && domain !== undefined) return { allowedDomain: domain }
  const isPrivate = domain === undefined || reason.endsWith('is a private or local target')
  return isPrivate ? { privateTarget: `${host}:${port}` } : {}
}

const UNLISTED = / is not on the list of allowed domains$/

/** The entry of the list that a refused call lacks; `undefined` where it lacks none, or none can be made. */
export function missingDomain(call: {
  host: string
  port: number
  reason: string
}): string | undefined {
  return remedyOf(call, !UNLISTED.test(call.reason)).allowedDomain
}

/** What would let a refused call out, as a sentence for the function's log; `undefined` where no setting would. */
export function howToAllow(
  accountId: string,
  call: { host: string; port: number; reason: string },
): string | undefined {
  const { allowedDomain, privateTarget } = remedyOf(call, !UNLISTED.test(call.reason))
  if (allowedDomain !== undefined) {
    const path = `/api/v1/accounts/${accountId}/allowed-domains`
    return `An administrator allows it by "parley allow ${allowedDomain}", or by POST ${path}`
  }
  if (privateTarget === undefined) return undefined
  return `The operator of this server allows it by PARLEY_EGRESS_PRIVATE=${privateTarget}`
}

/** A label with an underscore cannot be on the list; a wildcard in its place matches it. */
function domainOf(host: string): string | undefined {
  const labels = host.split('.').map((label) => (label.includes('_') ? '*' : label))
  const parsed = AllowedHost.safeParse(labels.join('.'))
  return parsed.success ? parsed.data : undefined
}
