const FIRST_PAUSE_MS = 1_000
const MAX_PAUSE_MS = 15_000

/** Tries until it gets an answer; `undefined` means that there was none. What it throws ends the tries. */
export async function retrying<T>(attempt: () => Promise<T | undefined>): Promise<T> {
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, MAX_PAUSE_MS)) {
    const answer = await attempt()
    if (answer !== undefined) return answer
    await new Promise((resolve) => setTimeout(resolve, pause))
  }
}

/** A response, or `undefined` when there is no connection or the server has no time now. */
export async function tryFetch(address: string, init?: RequestInit): Promise<Response | undefined> {
  const response = await fetch(address, init).catch(() => undefined)
  return response && isBusy(response.status) ? undefined : response
}

/** By its status: the server has no time now. */
export function isBusy(status: number): boolean {
  return status === 429 || status >= 500
}
