import { PassingMap } from '#base/kernel'
import type { Base } from '#base/store'
import { findLiveFunctions } from './deployed-repository.ts'
import { matchSkill } from './match-skill.ts'

/** A function as events and callers find it. */
export interface DeployedFunction {
  accountId: string
  functionId: string
  name: string
  eventId: string | undefined
  /** Empty means all skills. */
  skills: readonly string[]
  deploymentId: string
  version: number
}

/** What is live in one account, in the order in which functions of one event run. */
export interface LiveFunctions {
  byId: ReadonlyMap<string, DeployedFunction>
  byEvent: ReadonlyMap<string, readonly DeployedFunction[]>
}

export interface Deployed {
  /** What this node knows without asking the database; `undefined` until `load` was awaited once. */
  known(accountId: string): LiveFunctions | undefined
  load(accountId: string): Promise<LiveFunctions>
  /** The deployed functions that this call means, in the order in which they run. */
  find(
    accountId: string,
    which: { functionId: string } | { eventId: string; skillId?: string | undefined },
  ): Promise<readonly DeployedFunction[]>
  /** Resolves when this node sees everything that was committed before the call. */
  refresh(accountId: string): Promise<void>
  /** To be called when notifications may have been lost. */
  refreshAll(): void
}

interface Entry {
  live: LiveFunctions | undefined
  running: Promise<LiveFunctions>
  again: Promise<LiveFunctions> | undefined
}

/** Caches the live functions of each account. Reads them again after every change. */
export function openDeployed(
  { store, logger }: Pick<Base, 'store' | 'logger'>,
  retired: (deploymentId: string) => void,
): Deployed {
  const entries = new PassingMap<string, Entry>()

  function start(accountId: string): Entry {
    const entry: Entry = { live: undefined, running: read(accountId), again: undefined }
    entries.set(accountId, entry)
    entry.running.catch(() => entries.get(accountId) === entry && entries.delete(accountId))
    return entry
  }

  async function read(accountId: string): Promise<LiveFunctions> {
    const live = index(accountId, await findLiveFunctions(store.db, accountId))
    const entry = entries.get(accountId)
    const before = entry?.live
    if (entry) entry.live = live
    const ids = new Set([...live.byId.values()].map(({ deploymentId }) => deploymentId))
    for (const { deploymentId } of before?.byId.values() ?? []) {
      if (!ids.has(deploymentId)) retired(deploymentId)
    }
    return live
  }

  async function refresh(accountId: string): Promise<void> {
    const entry = entries.get(accountId)
    if (!entry) return
    // A running read may have begun before the change, so a new one must follow it.
    entry.again ??= entry.running.then(ignore, ignore).then(() => {
      entry.again = undefined
      entry.running = read(accountId)
      return entry.running
    })
    await entry.again
  }

  // A failed refresh drops the entry, so that the next caller reads again.
  const refreshOrForget = (accountId: string) =>
    refresh(accountId).catch((error: unknown) => {
      entries.delete(accountId)
      logger.error({ err: error, accountId }, 'Live functions could not be read')
    })

  /** One after the other: this happens to all accounts of a node at once. */
  async function refreshInTurn(): Promise<void> {
    for (const accountId of entries.keys()) await refreshOrForget(accountId)
  }

  function load(accountId: string): Promise<LiveFunctions> {
    const entry = entries.get(accountId)
    if (entry?.live) return Promise.resolve(entry.live)
    return (entry ?? start(accountId)).running
  }

  return {
    known: (accountId) => entries.get(accountId)?.live,
    load,
    async find(accountId, which) {
      const live = await load(accountId)
      if ('functionId' in which) {
        const found = live.byId.get(which.functionId.toLowerCase())
        return found ? [found] : []
      }
      return matchSkill(live.byEvent.get(which.eventId) ?? [], which.skillId)
    },
    refresh: refreshOrForget,
    refreshAll: () => void refreshInTurn(),
  }
}

function ignore(): void {}

function index(
  accountId: string,
  rows: Awaited<ReturnType<typeof findLiveFunctions>>,
): LiveFunctions {
  const byId = new Map<string, DeployedFunction>()
  const byEvent = new Map<string, DeployedFunction[]>()
  for (const { liveDeploymentId, liveVersion, eventId, ...row } of rows) {
    if (liveDeploymentId === null || liveVersion === null) continue
    const live: DeployedFunction = {
      accountId,
      ...row,
      eventId: eventId ?? undefined,
      deploymentId: liveDeploymentId,
      version: liveVersion,
    }
    byId.set(live.functionId, live)
    if (eventId === null) continue
    const others = byEvent.get(eventId)
    if (others) others.push(live)
    else byEvent.set(eventId, [live])
  }
  return { byId, byEvent }
}
