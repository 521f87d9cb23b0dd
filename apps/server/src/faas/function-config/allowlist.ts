import type { AllowedDomain } from '@parley/contract'
import { ParleyError } from '#base/kernel'
import type { Store } from '#base/store'
import { recordActivity } from './activities.ts'
import { deleteDomain, type DomainRow, findDomains, insertDomain } from './allowlist-repository.ts'
import { matchesDomain, PROVISIONED_DOMAINS } from './domain-rule.ts'
import type { Actor, FunctionConfigRoom } from './room.ts'

const CHANNEL = 'functions.allowlist'

/** Which hosts functions may reach, known on every node within a second of a change. */
export interface Allowlist extends Disposable {
  allows(accountId: string, host: string): Promise<boolean>
  forget(accountId: string): void
}

export function openAllowlist(store: Store): Allowlist {
  const known = new Map<string, Promise<readonly string[]>>()
  const opened = new DisposableStack()
  opened.use(store.onNotify(CHANNEL, (accountId) => known.delete(accountId)))
  opened.use(store.onResync(() => known.clear(), { inDoubt: true }))

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
      const asked = host.toLowerCase().replace(/\.$/, '')
      return (
        PROVISIONED_DOMAINS.some(({ domain }) => matchesDomain(domain, asked)) ||
        (await load(accountId)).some((domain) => matchesDomain(domain, asked))
      )
    },
    forget: (accountId) => void known.delete(accountId),
    [Symbol.dispose]: () => opened.dispose(),
  }
}

export async function listDomains(
  { store }: FunctionConfigRoom,
  accountId: string,
  options: { provisioned: boolean },
): Promise<AllowedDomain[]> {
  const own = (await findDomains(store.db, accountId)).map(toDomain)
  if (!options.provisioned) return own
  const provisioned = PROVISIONED_DOMAINS.map((entry, index) => ({
    domainId: -1 - index,
    ...entry,
    provisioned: true,
  }))
  return [...own, ...provisioned]
}

export async function allowDomain(
  room: FunctionConfigRoom,
  accountId: string,
  actor: Actor,
  { domain, name = domain }: { domain: string; name?: string | undefined },
): Promise<AllowedDomain> {
  const row = await room.store.transaction(async (tx) => {
    const added = await insertDomain(tx, {
      accountId,
      domain,
      name,
      createdAt: new Date(room.clock.now()),
      createdBy: actor,
    })
    if (!added) {
      throw new ParleyError('domain_exists', `domain: "${domain}" is on the list already`, {
        details: [{ path: 'body.domain', message: 'is on the list already' }],
      })
    }
    await recordActivity(tx, room, accountId, actor, {
      topic: 'allowlist',
      activity: 'Domain Add',
      description: domain,
    })
    return added
  })
  allowlistChanged(room, accountId)
  return toDomain(row)
}

export async function removeDomain(
  room: FunctionConfigRoom,
  accountId: string,
  actor: Actor,
  domainId: number,
): Promise<void> {
  await room.store.transaction(async (tx) => {
    const removed = await deleteDomain(tx, accountId, domainId)
    if (!removed) throw new ParleyError('domain_not_found', `There is no domain ${domainId}`)
    await recordActivity(tx, room, accountId, actor, {
      topic: 'allowlist',
      activity: 'Domain Remove',
      description: removed.domain,
    })
  })
  allowlistChanged(room, accountId)
}

/** This node at once, the others when the notification arrives. */
function allowlistChanged({ store, allowlist }: FunctionConfigRoom, accountId: string): void {
  allowlist.forget(accountId)
  store.notify(CHANNEL, accountId)
}

function toDomain(row: DomainRow): AllowedDomain {
  return {
    domainId: row.domainId,
    domain: row.domain,
    name: row.name,
    provisioned: false,
    createdAt: row.createdAt.toISOString(),
    createdBy: row.createdBy,
  }
}
