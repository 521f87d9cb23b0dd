import { ParleyError } from '#base/kernel'
import type { HotRequest } from './hot.ts'

/** Whether a pattern means a host name. A `*` stands for exactly one label: `*.example.com` means `www.example.com`. */
export function matchesHost(pattern: string, host: string): boolean {
  if (!pattern.includes('*')) return pattern === host
  const wanted = pattern.split('.')
  const labels = host.split('.')
  return (
    wanted.length === labels.length &&
    wanted.every((label, index) => (label === '*' ? labels[index] !== '' : label === labels[index]))
  )
}

/** The name of this server for functions. */
export const OWN_HOST = 'parley.internal'

/** The vendor's hosts for agents, messaging and tokens: one label names the data centre. They are this node's for the function's own account. */
const REGIONAL_HOSTS: readonly string[] = [
  '*.agentvep.liveperson.net',
  '*.msg.liveperson.net',
  '*.sentinel.liveperson.net',
]

/** Hosts that lead functions to this node, on port 443: its own, and those that published clients and functions name. */
export const OWN_HOSTS: readonly string[] = [
  OWN_HOST,
  'api.liveperson.net',
  '*.context.liveperson.net',
  ...REGIONAL_HOSTS,
]

function isRegionalHost(host: string): boolean {
  return REGIONAL_HOSTS.some((pattern) => matchesHost(pattern, host))
}

export function isOwnHost(host: string): boolean {
  return OWN_HOSTS.some((pattern) => matchesHost(pattern, host))
}

const ACCOUNT = /\/accounts?\/([^/?]+)/

/**
 * Of a request that came by the listener for functions. The vendor's regional hosts are this server's for the function's own
 * account: elsewhere another account may well be the vendor's.
 * @throws ParleyError `forbidden` for another account
 */
export function requireOwnAccount({ headers, url = '' }: HotRequest, own: string): void {
  const host = (headers.host ?? '').toLowerCase().replace(/:443$/, '')
  const [, asked] = ACCOUNT.exec(url) ?? []
  if (!isRegionalHost(host) || asked === undefined || asked === own) return
  throw new ParleyError(
    'forbidden',
    `"${host}" leads to this server for account "${own}" only, not for "${asked.slice(0, 100)}"`,
  )
}
