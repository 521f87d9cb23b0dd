import { boundedMap, declareBound } from '#base/bounds'
import { isIP } from 'node:net'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { createSecureContext, type SecureContext } from 'node:tls'
import type { Base } from '#base/store'
import type { Identity, LeafNames } from './certificate.ts'
import { hasNames, isFresh, keptIdentity } from './kept-identity.ts'
import { isWithin, type Territory } from './territory.ts'

export interface Tls {
  /** For a listener: answers every name of this machine and of the vendor with a certificate of its own. */
  readonly options: {
    cert: string
    key: string
    SNICallback(name: string, answer: (error: Error | null, context?: SecureContext) => void): void
  }
  /** What `parley trust` exports: good for this machine's names and the loopback, for nothing else. */
  readonly machineAuthority: string
  /** Good for the vendor's hosts: for the sandbox and for children of `parley with`, never for a browser. */
  readonly vendorAuthority: string
}

export interface TlsConfig {
  /** Where the authorities are kept. */
  folder: string
  /** Names under which this server is known, besides the machine's own and localhost. */
  names: readonly string[]
  /** The user's own certificate, for every name that is not the vendor's. */
  own?: Identity | undefined
}

const VENDOR_DOMAINS = ['liveperson.net', 'lprnd.net', 'lpcloud.io', 'parley.internal']

const LOOPBACK = ['127.0.0.0/8', '::1/128']

type Make = Parameters<typeof keptIdentity>[2]
type Fits = Parameters<typeof keptIdentity>[3]

/** The range of one address. */
const alone = (address: string): string => `${address}/${isIP(address) === 4 ? 32 : 128}`

/** A client may ask for any number of names; the oldest are removed. */
const LEAVES = declareBound({
  kind: 'map',
  holds: 'certificates for names that clients have asked for',
  limit: 500,
  per: 'node',
  beyond: 'the least recently used one is made again when it is asked for',
})

/** Loaded when a certificate is made, not at every start: it costs a tenth of a second. */
const certificates = () => import('./certificate.ts')

/** Certificates live by real time: clients check them by their own clocks. */
export async function openTls(
  { wallClock }: Pick<Base, 'wallClock'>,
  config: TlsConfig,
): Promise<Tls> {
  const now = wallClock.now()
  const names = [...new Set(['localhost', hostname().toLowerCase(), ...config.names])]
  const machineDomains = names.filter((name) => isIP(name) === 0)
  const ownAddresses = names.filter((name) => isIP(name) !== 0)
  const machineNames = { domains: machineDomains, addresses: ['127.0.0.1', '::1', ...ownAddresses] }
  const machineTerritory = {
    domains: machineDomains,
    addresses: [...LOOPBACK, ...ownAddresses.map(alone)],
  }
  const leafFor = async (signer: Identity, of: LeafNames) =>
    (await certificates()).makeLeaf(wallClock.now(), signer, of)
  const kept = (name: string, ...how: [Make, Fits?]) =>
    keptIdentity(now, join(config.folder, name), ...how)
  const authority = (title: string, territory: Territory) => async (former?: Identity) =>
    (await certificates()).makeAuthority(now, title, territory, former)

  const makeMachine = authority('Parley on this machine', machineTerritory)
  const vendor = await kept(
    'vendor-ca',
    authority('Parley in place of the vendor', { domains: VENDOR_DOMAINS, addresses: [] }),
  )
  let machine = await kept('machine-ca', makeMachine)
  const standard =
    config.own ??
    (await kept(
      'localhost',
      async () => {
        // Read only now, since it takes the library: the machine or its public address may have another name than at the first start.
        machine = await kept('machine-ca', makeMachine, async (one) =>
          (await certificates()).maySign(one, machineTerritory),
        )
        return leafFor(machine, machineNames)
      },
      (leaf) => hasNames(leaf, machineNames),
    ))
  const contextOf = ({ certificate, key }: Identity) =>
    createSecureContext({ cert: certificate, key })
  const standardContext = contextOf(standard)
  const leaves = boundedMap<string, { identity: Identity; context: SecureContext }>(LEAVES)

  function signerOf(name: string): Identity | undefined {
    if (isWithin(VENDOR_DOMAINS, name)) return vendor
    return !config.own && isWithin(machineDomains, name) ? machine : undefined
  }

  async function contextFor(asked: string): Promise<SecureContext> {
    const name = asked.toLowerCase()
    const signer = signerOf(name)
    if (!signer) return standardContext
    const kept = leaves.get(name)
    if (kept && isFresh(wallClock.now(), kept.identity)) return kept.context
    const identity = await leafFor(signer, { domains: [name], addresses: [] })
    const context = contextOf(identity)
    leaves.set(name, { identity, context })
    return context
  }

  return {
    options: {
      cert: standard.certificate,
      key: standard.key,
      SNICallback(name, answer) {
        contextFor(name).then(
          (context) => answer(null, context),
          (error: Error) => answer(error),
        )
      },
    },
    machineAuthority: machine.certificate,
    vendorAuthority: vendor.certificate,
  }
}
