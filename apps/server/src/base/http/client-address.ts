import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'

/** Where a request comes from: what the nearest trusted proxies say, or else its peer. */
export type ClientAddress = (request: IncomingMessage) => string

/** @param trustedProxies addresses and CIDR ranges */
export function clientAddresses(trustedProxies: readonly string[]): ClientAddress {
  const trusted = new BlockList()
  for (const entry of trustedProxies) {
    const [address = '', prefix] = entry.split('/')
    if (prefix === undefined) trusted.addAddress(address, family(address))
    else trusted.addSubnet(address, Number(prefix), family(address))
  }
  const isTrusted = (address: string) =>
    isIP(address) > 0 && trusted.check(address, family(address))

  return ({ socket, headers }) => {
    let client = bare(socket.remoteAddress ?? '')
    if (trustedProxies.length === 0) return client
    // Node joins repeated headers with commas. Only what a trusted proxy has appended is believed.
    const hops = String(headers['x-forwarded-for'] ?? '').split(',')
    while (isTrusted(client)) {
      const hop = bare(hops.pop()?.trim() ?? '')
      if (isIP(hop) === 0) break
      client = hop
    }
    return client
  }
}

/** A listener for both families shows IPv4 addresses as `::ffff:<address>`. */
function bare(address: string): string {
  return address.replace(/^::ffff:(?=[\d.]+$)/i, '')
}

function family(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4'
}
