/** What a browser keeps of a function until it is saved, so that a dead browser loses nothing. */
interface KeptWork {
  /** The version that it was written on. */
  version: number
  code: string
}

const keyOf = (accountId: string, functionId: string): string =>
  `parley.work.${accountId}.${functionId}`

export function keptWork(accountId: string, functionId: string): KeptWork | undefined {
  const text = localStorage.getItem(keyOf(accountId, functionId))
  return text === null ? undefined : (JSON.parse(text) as KeptWork)
}

export function keepWork(accountId: string, functionId: string, work: KeptWork | undefined): void {
  const key = keyOf(accountId, functionId)
  if (work) localStorage.setItem(key, JSON.stringify(work))
  else localStorage.removeItem(key)
}

const payloadKey = (accountId: string, functionId: string): string =>
  `parley.payload.${accountId}.${functionId}`

/** What this user last ran the function with. */
export function keptPayload(accountId: string, functionId: string): string | undefined {
  return localStorage.getItem(payloadKey(accountId, functionId)) ?? undefined
}

export function keepPayload(accountId: string, functionId: string, text: string): void {
  localStorage.setItem(payloadKey(accountId, functionId), text)
}
