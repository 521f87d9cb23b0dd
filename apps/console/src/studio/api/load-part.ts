import { connection } from './connection.ts'

const AGAIN_MS = 2_000
/** A question that nobody answers holds one of the six connections that a browser has. */
const WAITS_MS = 5_000
/** What a part is refused with although it may be there a moment later. */
const BUSY = new Set([429, 503])

/**
 * A part of the program that comes when it is first needed. Where the server is away, it comes as soon as that is back: a page that
 * could not go on without it would be lost with all that is typed in it. Fails where the server answers and has no such part, as it is
 * another one by now.
 */
export async function loadPart<Part>(load: () => Promise<Part>): Promise<Part> {
  let asked = load
  let isRefused = false
  for (let again = 1; ; again++) {
    try {
      return await asked()
    } catch (error) {
      const hasWaited = await untilAnswered()
      if (!hasWaited && isRefused) throw error
      isRefused = !hasWaited
      const address = addressIn(error)
      // Chromium keeps for each address that it could not be loaded.
      if (address !== undefined) {
        address.searchParams.set('again', String(again))
        asked = () => import(/* @vite-ignore */ address.href) as Promise<Part>
      }
    }
  }
}

/** @returns whether the server was away */
async function untilAnswered(): Promise<boolean> {
  for (let looks = 0; ; looks++) {
    const answers = await fetch(import.meta.url, {
      method: 'HEAD',
      cache: 'no-store',
      signal: AbortSignal.timeout(WAITS_MS),
    }).then(
      ({ status }) => !BUSY.has(status),
      () => false,
    )
    connection.report(!answers)
    if (answers) return looks > 0
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
  }
}

/** The part that a browser says it could not load. */
function addressIn(error: unknown): URL | undefined {
  const words = error instanceof Error ? error.message.split(/\s/) : []
  const address = words.map((word) => URL.parse(word)).find((url) => url?.host === location.host)
  return address ?? undefined
}
