import { newId } from '@parley/client/socket'
import { storage, tabStorage } from '../../storage.ts'

/** Of which function, and whose: several people may use one browser. */
export interface WorkKey {
  accountId: string
  functionId: string
  loginName: string
}

/** What a browser keeps of a function until it is saved, so that a dead browser loses nothing. */
interface KeptWork {
  /** The version that it was written on. */
  version: number
  code: string
  keptAt: number
}

const TAB = 'parley.tab'

/** The former page of a tab that is loaded again is gone by then. */
const FORMER_GOES_MS = 1_000

/** A tab keeps its id when its page is loaded again. */
let tabId = tabStorage.read(TAB) ?? newId()

// A page that comes by HTTP from another machine has no locks: all tabs but this one count as closed.
const locks: LockManager | undefined = navigator.locks

/** Holds the id as long as the page is there. */
async function hold(): Promise<void> {
  tabStorage.keep(TAB, tabId)
  const signal = AbortSignal.timeout(FORMER_GOES_MS)
  await locks?.request(`${TAB}.${tabId}`, { signal }, () => new Promise<never>(() => undefined))
}

hold().catch((error: unknown) => {
  // A browser that keeps nothing for a page denies locks, too: there is nothing that other tabs could take.
  if (!(error instanceof DOMException) || error.name !== 'TimeoutError') return
  // A copy of a tab begins with the id of that one, which holds it.
  tabId = newId()
  void hold()
})

const keyOf = (kind: 'work' | 'payload', { accountId, functionId, loginName }: WorkKey): string =>
  `parley.${kind}/${accountId}/${functionId}/${encodeURIComponent(loginName)}`

const ownKey = (workKey: WorkKey): string => `${keyOf('work', workKey)}/${tabId}`

function read(key: string): KeptWork | undefined {
  const text = storage.read(key)
  return text === undefined ? undefined : (JSON.parse(text) as KeptWork)
}

/** What this tab has kept. */
export function keptWork(workKey: WorkKey): KeptWork | undefined {
  return read(ownKey(workKey))
}

/** Takes over the newest work that a closed tab has left, unless this tab has its own. */
export async function takeLeftWork(workKey: WorkKey): Promise<KeptWork | undefined> {
  const { held = [] } = (await locks?.query().catch(() => undefined)) ?? {}
  const prefix = `${keyOf('work', workKey)}/`
  const newest = storage
    .keysFrom(prefix)
    .filter((key) => !held.some(({ name }) => name === `${TAB}.${key.slice(prefix.length)}`))
    .toSorted((a, b) => (read(b)?.keptAt ?? 0) - (read(a)?.keptAt ?? 0))[0]
  if (newest === undefined || keptWork(workKey)) return undefined
  const left = read(newest)
  // First the one away, so that a full storage has room for the other.
  storage.forget(newest)
  keepWork(workKey, left)
  return left
}

/** @returns whether the browser keeps it: its storage may be full, or closed to this page */
export function keepWork(workKey: WorkKey, work: Omit<KeptWork, 'keptAt'> | undefined): boolean {
  const key = ownKey(workKey)
  if (work) return storage.keep(key, JSON.stringify({ ...work, keptAt: Date.now() }))
  storage.forget(key)
  return true
}

/** What this tab last ran the function with; in a new tab, what its user did. */
export function keptPayload(workKey: WorkKey): string | undefined {
  const key = keyOf('payload', workKey)
  return tabStorage.read(key) ?? storage.read(key)
}

export function keepPayload(workKey: WorkKey, text: string): void {
  for (const kept of [tabStorage, storage]) kept.keep(keyOf('payload', workKey), text)
}
