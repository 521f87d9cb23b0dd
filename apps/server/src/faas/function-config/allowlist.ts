import type { AllowedDomain } from '@parley/contract'
import { lockAccount } from '#base/kit'
import { ParleyError } from '#base/kernel'
import { recordActivity } from './activities.ts'
import type { Actor, FunctionConfigDeps } from './deps.ts'
import { PROVISIONED_DOMAINS } from './provisioned-domains.ts'
import { limitsOf } from './limits-of.ts'
import {
  countDomains,
  deleteDomain,
  type DomainRow,
  findDomains,
  insertDomain,
} from './repository.ts'

export async function listDomains(
  { store }: FunctionConfigDeps,
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
  deps: FunctionConfigDeps,
  accountId: string,
  actor: Actor,
  { domain, name = domain }: { domain: string; name?: string | undefined },
): Promise<AllowedDomain> {
  const limits = await limitsOf(deps, accountId)
  const row = await deps.store.transaction(async (tx) => {
    await lockAccount(tx, accountId)
    const added = await insertDomain(tx, {
      accountId,
      domain,
      name,
      createdAt: new Date(deps.clock.now()),
      createdBy: actor,
    })
    if (!added) {
      throw new ParleyError('domain_exists', `domain: "${domain}" is on the list already`, {
        details: [{ path: 'body.domain', message: 'is on the list already' }],
      })
    }
    if ((await countDomains(tx, accountId)) > limits.allowedDomains) {
      throw new ParleyError(
        'domain_limit_reached',
        `The account may allow ${limits.allowedDomains} domains: remove one first, or have the limit raised`,
      )
    }
    await recordActivity(deps, tx, accountId, actor, {
      topic: 'allowlist',
      activity: 'Domain Add',
      description: domain,
    })
    return added
  })
  deps.allowedHosts.changed(accountId)
  return toDomain(row)
}

export async function removeDomain(
  deps: FunctionConfigDeps,
  accountId: string,
  actor: Actor,
  domainId: number,
): Promise<void> {
  await deps.store.transaction(async (tx) => {
    const removed = await deleteDomain(tx, accountId, domainId)
    if (!removed) throw new ParleyError('domain_not_found', `There is no domain ${domainId}`)
    await recordActivity(deps, tx, accountId, actor, {
      topic: 'allowlist',
      activity: 'Domain Remove',
      description: removed.domain,
    })
  })
  deps.allowedHosts.changed(accountId)
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
