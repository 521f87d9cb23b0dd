import { boundedMap, declareBound } from '#base/bounds'
import { isIP } from 'node:net'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { createSecureContext, type SecureContext } from 'node:tls'
import type { Base } from '#base/store'
import type { Identity, LeafNames } from './certificate.ts'
import { hasNames, isFresh, keptIdentity, renewAt } from './kept-identity.ts'
import { type OwnCertificate, ownReader } from './own.ts'
import { isWithin, type Territory } from './territory.ts'

/** What a listener of TLS presents to clients that name no server. */
interface Standard {
  cert: string
  key: string
}

export interface Tls extends Disposable {
  /** For a listener: answers every name of this machine and of the vendor with a certificate of its own. */
  readonly options: Standard & {
    SNICallback(name: string, answer: (error: Error | null, context?: SecureContext) => void): void
    /** Calls a listener whenever `cert` and `key` are other ones. */
    onRenewed(take: (standard: Standard) => void): void
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
  own?: OwnCertificate | undefined
}

/** What a node serves and signs with. */
interface Identities {
  machine: Identity
  vendor: Identity
  standard: Identity
}

/** So often the user's own certificate is read, and what could not be renewed is tried again. */
const LOOK_MS = 3_600_000

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

/** Certificates live by real time: clients check them by their own clocks. All are renewed while the node runs. */
export async function openTls(
  { logger, wallClock }: Pick<Base, 'logger' | 'wallClock'>,
  config: TlsConfig,
): Promise<Tls> {
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
    keptIdentity(wallClock.now(), join(config.folder, name), ...how)
  const authority = (title: string, territory: Territory) => async (former?: Identity) =>
    (await certificates()).makeAuthority(wallClock.now(), title, territory, former)

  const signMachine = authority('Parley on this machine', machineTerritory)
  const makeVendor = authority('Parley in place of the vendor', {
    domains: VENDOR_DOMAINS,
    addresses: [],
  })
  async function makeMachine(former?: Identity): Promise<Identity> {
    const made = await signMachine(former)
    if (former) {
      logger.warn(
        'The certificate authority of this machine was made anew, with its former key: who trusts it should trust the new one, too (npm run parley -- trust)',
      )
    }
    return made
  }

  const readOwn = config.own && ownReader(logger, config.own)

  async function renewed(current?: Identities): Promise<Identities> {
    const vendor = await kept('vendor-ca', makeVendor)
    let machine = await kept('machine-ca', makeMachine)
    if (readOwn) {
      return { vendor, machine, standard: await readOwn(wallClock.now(), current?.standard) }
    }
    const standard = await kept(
      'localhost',
      async () => {
        // Read only now, since it takes the library: the machine or its public address may have another name than at the first start.
        machine = await kept('machine-ca', makeMachine, async (one) =>
          (await certificates()).maySign(one, machineTerritory),
        )
        return leafFor(machine, machineNames)
      },
      (leaf) => hasNames(leaf, machineNames),
    )
    return { vendor, machine, standard }
  }

  const contextOf = ({ certificate, key }: Identity) =>
    createSecureContext({ cert: certificate, key })
  const optionsOf = ({ certificate, key }: Identity): Standard => ({ cert: certificate, key })
  let current = await renewed()
  let standardContext = contextOf(current.standard)
  const leaves = boundedMap<string, { identity: Identity; context: SecureContext }>(LEAVES)
  const listeners: ((standard: Standard) => void)[] = []

  async function renew(): Promise<void> {
    const { standard: former } = current
    current = await renewed(current)
    const { standard } = current
    if (standard.certificate === former.certificate && standard.key === former.key) return
    standardContext = contextOf(standard)
    for (const take of listeners) take(optionsOf(standard))
  }

  function nextLook(): number {
    const ours = [current.vendor, current.machine, ...(readOwn ? [] : [current.standard])]
    // One that could not be renewed is tried again, not at once.
    const soonest = Math.max(Math.min(...ours.map(renewAt)), wallClock.now() + LOOK_MS)
    return readOwn ? wallClock.now() + LOOK_MS : soonest
  }

  let isClosed = false
  let alarm: Disposable
  function arm(): void {
    if (!isClosed) alarm = wallClock.alarm(nextLook(), look)
  }
  function look(): void {
    renew()
      .catch((err: unknown) => {
        logger.error({ err }, 'Certificates cannot be renewed; trying again in an hour')
      })
      .finally(arm)
  }
  arm()

  function signerOf(name: string): Identity | undefined {
    if (isWithin(VENDOR_DOMAINS, name)) return current.vendor
    return !readOwn && isWithin(machineDomains, name) ? current.machine : undefined
  }

  async function contextFor(asked: string): Promise<SecureContext> {
    const name = asked.toLowerCase()
    const signer = signerOf(name)
    if (!signer) return standardContext
    const found = leaves.get(name)
    if (found && isFresh(wallClock.now(), found.identity)) return found.context
    const identity = await leafFor(signer, { domains: [name], addresses: [] })
    const context = contextOf(identity)
    leaves.set(name, { identity, context })
    return context
  }

  return {
    options: {
      get cert() {
        return current.standard.certificate
      },
      get key() {
        return current.standard.key
      },
      SNICallback(name, answer) {
        contextFor(name).then(
          (context) => answer(null, context),
          (error: Error) => answer(error),
        )
      },
      onRenewed: (take) => void listeners.push(take),
    },
    get machineAuthority() {
      return current.machine.certificate
    },
    get vendorAuthority() {
      return current.vendor.certificate
    },
    [Symbol.dispose]() {
      isClosed = true
      alarm[Symbol.dispose]()
    },
  }
}
