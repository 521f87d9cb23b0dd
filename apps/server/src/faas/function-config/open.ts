import type { Audit } from '#identity/audit'
import type { Credentials } from '#identity/credentials'
import type { Settings } from '#identity/settings'
import type { Http } from '#base/http'
import { withDeps } from '#base/kernel'
import type { Base } from '#base/store'
import type { Resolver } from '#faas/egress'
import { listActivities, recordActivity } from './activities.ts'
import { openAllowedHosts } from './allowed-hosts.ts'
import { allowDomain, listDomains, removeDomain } from './allowlist.ts'
import { howToAllow } from './blocked-call-remedy.ts'
import { openBlockedCalls } from './blocked-calls.ts'
import type { FunctionConfigDeps } from './deps.ts'
import { limitsOf } from './limits-of.ts'
import { listBlockedCalls } from './list-blocked-calls.ts'
import { functionConfigRoutes } from './routes.ts'
import { openSecretReader } from './secret-reader.ts'

type OpenDeps = Pick<Base, 'store' | 'clock' | 'monotonic' | 'ids' | 'logger'> & {
  settings: Pick<Settings, 'get'>
  audit: Audit
  credentials: Credentials
  resolver: Resolver
}

/** What an account configures for all its functions, and what is noted about them. */
export type FunctionConfig = ReturnType<typeof openFunctionConfig>

export function openFunctionConfig(base: OpenDeps) {
  const opened = new AsyncDisposableStack()
  const { store, clock, ids, settings, audit, credentials, resolver } = base
  const secrets = openSecretReader(base)
  const allowedHosts = opened.use(openAllowedHosts(store))
  const blockedCalls = opened.use(openBlockedCalls({ ...base, maskOf: secrets.maskOf }))
  const deps: FunctionConfigDeps = {
    store,
    clock,
    ids,
    settings,
    audit,
    credentials,
    resolver,
    allowedHosts,
    blockedCalls,
  }
  return {
    ...withDeps(deps, { limitsOf }),
    /** Secrets as functions use them. */
    secrets,
    allowlist: {
      allows: allowedHosts.allows,
      ...withDeps(deps, { list: listDomains, allow: allowDomain, remove: removeDomain }),
    },
    blockedCalls: {
      add: blockedCalls.add,
      howToAllow,
      ...withDeps(deps, { list: listBlockedCalls }),
    },
    activities: withDeps(deps, { record: recordActivity, list: listActivities }),
    routes: (http: Http) => functionConfigRoutes(http, deps),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}
