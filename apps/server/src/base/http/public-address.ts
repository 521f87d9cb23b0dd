import { BlockList, isIP } from 'node:net'
import { networkInterfaces } from 'node:os'

const V4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
]
const V6 = [
  '::/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
  '5f00::/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
]

const refused = new BlockList()
for (const [subnets, family] of [
  [V4, 'ipv4'],
  [V6, 'ipv6'],
] as const) {
  for (const subnet of subnets) {
    const [network = '', bits = ''] = subnet.split('/')
    refused.addSubnet(network, Number(bits), family)
  }
}

/** Whether a function may reach an address: it is not private, local, reserved or this machine's own. */
export function isPublicAddress(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped) return isPublicAddress(mapped)
  const family = isIP(address)
  if (family === 0) return false
  // A mapped address in hexadecimal notation hides an IPv4 one.
  if (family === 6 && /^(0*:)*:?(0+:)*ffff:/i.test(address)) return false
  if (refused.check(address, family === 6 ? 'ipv6' : 'ipv4')) return false
  return !ownAddresses().has(address)
}

function ownAddresses(): Set<string> {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  return new Set(all.map(({ address }) => address))
}
