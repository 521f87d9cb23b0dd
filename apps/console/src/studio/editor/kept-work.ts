import { newId } from '@parley/client/socket'

/** Whose text for what: several people may use one browser. */
export interface Work {
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

/** A tab keeps its id when its page is loaded again. */
const tabId = sessionStorage.getItem(TAB) ?? newId()
sessionStorage.setItem(TAB, tabId)

// Held as long as the page is there. A page that comes by HTTP from another machine has no locks: all tabs but this one count as closed.
const locks: LockManager | undefined = navigator.locks
void locks?.request(`${TAB}.${tabId}`, () => new Promise<never>(() => undefined))

const keyOf = (kind: 'work' | 'payload', { accountId, functionId, loginName }: Work): string =>
  `parley.${kind}/${accountId}/${functionId}/${encodeURIComponent(loginName)}`

const ownKey = (of: Work): string => `${keyOf('work', of)}/${tabId}`

function read(key: string): KeptWork | undefined {
  const text = localStorage.getItem(key)
  return text === null ? undefined : (JSON.parse(text) as KeptWork)
}

/** What this tab has kept. */
export function keptWork(of: Work): KeptWork | undefined {
  return read(ownKey(of))
}

/** Takes over the newest work that a closed tab has left, unless this tab has its own. */
export async function takeLeftWork(of: Work): Promise<KeptWork | undefined> {
  const { held = [] } = (await locks?.query()) ?? {}
  const prefix = `${keyOf('work', of)}/`
  const newest = Object.keys(localStorage)
    .filter((key) => key.startsWith(prefix))
    .filter((key) => !held.some(({ name }) => name === `${TAB}.${key.slice(prefix.length)}`))
    .toSorted((a, b) => (read(b)?.keptAt ?? 0) - (read(a)?.keptAt ?? 0))[0]
  if (newest === undefined || keptWork(of)) return undefined
  const left = read(newest)
  localStorage.removeItem(newest)
  keepWork(of, left)
  return left
}

export function keepWork(of: Work, work: Omit<KeptWork, 'keptAt'> | undefined): void {
  if (!work) localStorage.removeItem(ownKey(of))
  else localStorage.setItem(ownKey(of), JSON.stringify({ ...work, keptAt: Date.now() }))
}

/** What this tab last ran the function with; in a new tab, what its user did. */
export function keptPayload(of: Work): string | undefined {
  const key = keyOf('payload', of)
  return sessionStorage.getItem(key) ?? localStorage.getItem(key) ?? undefined
}

export function keepPayload(of: Work, text: string): void {
  for (const storage of [sessionStorage, localStorage]) storage.setItem(keyOf('payload', of), text)
}
