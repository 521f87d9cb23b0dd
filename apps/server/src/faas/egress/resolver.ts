import { type LookupAddress, promises as dns } from 'node:dns'
import { isIP } from 'node:net'
import { boundedMap, declareBound, openPlaces } from '#base/bounds'
import { messageOf, PassingMap } from '#base/kernel'
import type { Base } from '#base/store'
import { patienceOf } from './patience.ts'
import { parseHosts, parseSearch, type Search, watchedFile } from './system-files.ts'

export type Address = LookupAddress

/** Whose name it is: that of a function or a user, or one that the operator has written into the settings. */
export type NameOf = 'customer' | 'operator'

/**
 * Finds the addresses of names without the thread pool of the process, in which one account's silent names would keep
 * everybody waiting.
 */
export interface Resolver {
  /**
   * All addresses of a name, IPv4 first. An address stands for itself.
   * @throws `BusyResolver` when the account waits for too many names; other errors when the name has no address
   */
  resolve(accountId: string, host: string, of?: NameOf): Promise<Address[]>
}

export interface ResolverSettings {
  /** `address` or `address:port` of name servers. Default: those of /etc/resolv.conf. */
  servers?: readonly string[]
  hostsFile?: string
  searchFile?: string
}

/** The account waits for too many names already. */
export class BusyResolver extends Error {
  override name = 'BusyResolver'
}

/** For one name, in all: of the time in which this process ran. */
const PATIENCE_MS = 2_000
/** For one answer of one server. The next server is asked after it. */
const SERVER_MS = 500
/** For the addresses of the other family, after those of one have come. */
const OTHER_FAMILY_MS = 250
const WAITING = declareBound({
  kind: 'places',
  holds: 'names of hosts that are being looked up',
  limit: 2_048,
  each: 32,
  per: 'node',
  beyond: 'more of an account, or in all, are refused: 429',
})
const KNOWN = declareBound({
  kind: 'map',
  holds: 'addresses of hosts that functions have called',
  limit: 2_000,
  per: 'node',
  beyond: 'the least recently used ones are looked up again',
})
const MAX_CACHED_MS = 30_000
const MAX_ADDRESSES = 32

interface Answer {
  addresses: Address[]
  ttlMs: number
}

export function openResolver(
  { monotonic }: Pick<Base, 'monotonic'>,
  { servers, hostsFile = '/etc/hosts', searchFile = '/etc/resolv.conf' }: ResolverSettings = {},
): Resolver {
  const hosts = watchedFile(hostsFile, parseHosts)
  const search = watchedFile(searchFile, parseSearch)
  const cache = boundedMap<string, { addresses: Address[]; until: number }>(KNOWN)
  /** By account and name: who asks for a name that is asked already waits for that answer. */
  const pending = new PassingMap<string, Promise<Answer>>()
  const waiting = openPlaces(WAITING)

  async function ask(accountId: string, name: string): Promise<Answer> {
    const key = `${accountId} ${name}`
    const known = cache.get(key)
    if (known && known.until > monotonic.now()) return { addresses: known.addresses, ttlMs: 0 }
    const open = pending.get(key)
    if (open) return open
    using place = waiting.take(accountId)
    if (!place) throw new BusyResolver('Too many names are being looked up')
    const asked = askServers(name)
    pending.set(key, asked)
    try {
      const { addresses, ttlMs } = await asked
      cache.set(key, { addresses, until: monotonic.now() + ttlMs })
      return { addresses, ttlMs }
    } finally {
      pending.delete(key)
    }
  }

  async function askServers(name: string): Promise<Answer> {
    // One of its own for each name: it reads /etc/resolv.conf as it is now, and can be cancelled.
    const resolver = new dns.Resolver({ timeout: SERVER_MS, tries: 2 })
    if (servers) resolver.setServers(servers)
    using stack = new DisposableStack()
    const cancel = () => resolver.cancel()
    const patience = stack.use(patienceOf(monotonic, PATIENCE_MS, cancel))
    let first: Error | undefined
    const families = [
      () => resolver.resolve4(name, { ttl: true }),
      () => resolver.resolve6(name, { ttl: true }),
    ].map(async (query) => {
      try {
        const records = await query().catch((error: unknown) => {
          // An answer that came while this process did not run was not seen in time: asked once more.
          if (isTimeout(error) && patience.lateMs() >= SERVER_MS) return query()
          throw error
        })
        if (records.length > 0) stack.use(patienceOf(monotonic, OTHER_FAMILY_MS, cancel))
        return records
      } catch (error) {
        first ??= error instanceof Error ? error : new Error(messageOf(error))
        return []
      }
    })
    const records = (await Promise.all(families)).flat().slice(0, MAX_ADDRESSES)
    if (records.length === 0) throw first ?? new Error(`${name} has no address`)
    const ttlMs = Math.min(MAX_CACHED_MS, ...records.map(({ ttl }) => ttl * 1000))
    return { addresses: records.map(({ address }) => withFamily(address)), ttlMs }
  }

  return {
    async resolve(accountId, host, of = 'customer') {
      if (isIP(host) !== 0) return [withFamily(host)]
      const listed = hosts().get(host)
      if (listed) return listed.map(withFamily).toSorted((one, other) => one.family - other.family)
      if (/(^|\.)localhost$/.test(host)) return [withFamily('127.0.0.1')]
      const names = of === 'operator' ? candidates(host, search()) : [host]
      let failure: unknown
      for (const name of names) {
        try {
          return (await ask(accountId, name)).addresses
        } catch (error) {
          failure = error
        }
      }
      throw failure
    },
  }
}

/** The full names that a short name may stand for, in the order in which the system would try them. */
function candidates(host: string, { domains, dots }: Search): string[] {
  const longer = domains.map((domain) => `${host}.${domain}`)
  return host.split('.').length > dots ? [host, ...longer] : [...longer, host]
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === dns.TIMEOUT
}

function withFamily(address: string): Address {
  return { address, family: isIP(address) }
}
