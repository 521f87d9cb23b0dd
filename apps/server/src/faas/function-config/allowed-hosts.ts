import { PassingMap } from '#base/kernel'
import type { Store } from '#base/store'
import { matchesHost } from '#base/http'
import { PROVISIONED_DOMAINS } from './provisioned-domains.ts'
import { findDomains } from './repository.ts'

const CHANNEL = 'functions.allowlist'

/** The hosts that functions may reach. A change reaches every node within a second. */
export interface AllowedHosts extends Disposable {
  allows(accountId: string, host: string): Promise<boolean>
  /** To be called after a change: this node forgets at once, the others when the notification arrives. */
  changed(accountId: string): void
}

/** Whether a function may reach a host where these domains are allowed, beside the platform's own. */
export function allowsHost(domains: readonly string[], host: string): boolean {
  const asked = host.toLowerCase().replace(/\.$/, '')
  return (
    PROVISIONED_DOMAINS.some(({ domain }) => matchesHost(domain, asked)) ||
    domains.some((domain) => matchesHost(domain, asked))
  )
}

export function openAllowedHosts(store: Store): AllowedHosts {
  const known = new PassingMap<string, Promise<readonly string[]>>()
  const opened = new DisposableStack()
  opened.use(store.onNotify(CHANNEL, (accountId) => known.delete(accountId)))
  opened.use(store.onResync(() => known.clear(), { periodic: true }))

  function load(accountId: string): Promise<readonly string[]> {
    const waiting = known.get(accountId)
    if (waiting) return waiting
    const fresh = findDomains(store.db, accountId).then((rows) => rows.map(({ domain }) => domain))
    known.set(accountId, fresh)
    fresh.catch(() => known.get(accountId) === fresh && known.delete(accountId))
    return fresh
  }

  return {
    async allows(accountId, host) {
      return allowsHost([], host) || allowsHost(await load(accountId), host)
    },
    changed(accountId) {
      known.delete(accountId)
      store.notify(CHANNEL, accountId)
    },
    [Symbol.dispose]: () => opened.dispose(),
  }
}
