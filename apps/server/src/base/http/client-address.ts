import { hash } from 'node:crypto'
import { BlockList, isIP, type Socket } from 'node:net'
import type { FastifyRequest } from 'fastify'
import { PassingMap } from '#base/kernel'
import type { HotRequest } from './hot.ts'

/** Where a request comes from: what the nearest trusted proxies say, or else its peer. */
export type ClientAddress = (request: HotRequest) => string

/** Whether an address is one of those, as addresses and CIDR ranges. */
export function addressMatcher(ranges: readonly string[]): (address: string) => boolean {
  const listed = new BlockList()
  for (const entry of ranges) {
    const [address = '', prefix] = entry.split('/')
    if (prefix === undefined) listed.addAddress(address, family(address))
    else listed.addSubnet(address, Number(prefix), family(address))
  }
  return (address) => isIP(address) > 0 && listed.check(address, family(address))
}

/** @param trustedProxies addresses and CIDR ranges */
export function clientAddresses(trustedProxies: readonly string[]): ClientAddress {
  const isTrusted = addressMatcher(trustedProxies)
  return ({ socket, headers }) => {
    let client = peerAddress(socket)
    if (trustedProxies.length === 0) return client
    // Node joins repeated headers with commas. Only what a trusted proxy has appended is believed.
    const hops = String(headers['x-forwarded-for'] ?? '').split(',')
    while (isTrusted(client)) {
      const hop = bare(withoutPort(hops.pop()?.trim() ?? ''))
      if (isIP(hop) === 0) break
      client = hop
    }
    return client
  }
}

/**
 * Whether a client has reached this server by TLS: here, or at the operator's own address, where something else has taken it off.
 * @param publicUrl the operator's own address, where one is set
 */
export function tlsReach(
  publicUrl: string | undefined,
): (request: Pick<FastifyRequest, 'protocol' | 'headers'>) => boolean {
  const { protocol, host } = new URL(publicUrl ?? 'http://localhost')
  return (request) =>
    request.protocol === 'https' ||
    (protocol === 'https:' && request.headers.host?.toLowerCase().replace(/:443$/, '') === host)
}

export function peerAddress({ remoteAddress = '' }: Pick<Socket, 'remoteAddress'>): string {
  return bare(remoteAddress)
}

/** Some proxies tell the port too, and IPv6 in brackets: `203.0.113.7:4711`, `[2001:db8::7]:4711`, `[2001:db8::7]`. */
function withoutPort(hop: string): string {
  const parts = /^(?:\[([^\]]*)\]|([\d.]+))(?::\d+)?$/.exec(hop)
  return parts?.[1] ?? parts?.[2] ?? hop
}

/** A listener for both families shows IPv4 addresses as `::ffff:<address>`. */
function bare(address: string): string {
  return address.replace(/^::ffff:(?=[\d.]+$)/i, '')
}

function family(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4'
}

/** Connections of functions to this node, and whose they are. */
export interface FunctionConnections {
  /** To be called when a connection is open, before a byte is sent through it. */
  connected(socket: Socket, accountId: string): void
  /** Whose function sent a request that came by a listener for functions. */
  accountOf(request: HotRequest): string | undefined
  /** What that account's functions count as where addresses are limited. */
  addressOf(request: HotRequest): string | undefined
}

/** Keeps the accounts of connections by the port of the end that has opened them, as long as they are open. */
export function openFunctionConnections(): FunctionConnections {
  const accounts = new PassingMap<number, string>()
  const accountOf = ({ socket: { remotePort = 0 } }: HotRequest) => accounts.get(remotePort)
  return {
    connected(socket, accountId) {
      const { localPort } = socket
      if (localPort === undefined) return
      accounts.set(localPort, accountId)
      socket.once('close', () => accounts.delete(localPort))
    },
    accountOf,
    addressOf(request) {
      const accountId = accountOf(request)
      return accountId === undefined ? undefined : addressOfFunctions(accountId)
    },
  }
}

/**
 * The address that the functions of an account count as where addresses are limited: a unique local one (RFC 4193), which
 * no client of a network has. Each account has a /64 of its own.
 */
function addressOfFunctions(accountId: string): string {
  const digits = hash('sha256', accountId)
  return `fd${digits.slice(0, 2)}:${digits.slice(2, 6)}:${digits.slice(6, 10)}:${digits.slice(10, 14)}::1`
}
