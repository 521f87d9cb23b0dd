/** Who looks at another tab for a moment loses nothing. */
const UNSEEN_MS = 10_000

/** Resolves when the page is seen, and at the end of `signal`. */
export function whenSeen(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  if (!document.hidden || signal.aborted) resolve()
  document.addEventListener('visibilitychange', () => resolve(), { once: true, signal })
  signal.addEventListener('abort', () => resolve(), { once: true })
  return promise
}

/** Calls when the page has not been seen for a while, until it is told to stop. */
export function onUnseen(call: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  function look(): void {
    clearTimeout(timer)
    if (document.hidden) timer = setTimeout(call, UNSEEN_MS)
  }
  look()
  document.addEventListener('visibilitychange', look)
  return () => {
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', look)
  }
}
