/**
 * A signal that follows another one until it is disposed: what ends a start must not touch a server that runs, whose stop lets work finish.
 */
export function untilStarted(
  stopping: AbortSignal | undefined,
): Disposable & { signal: AbortSignal } {
  const own = new AbortController()
  const abort = () => own.abort()
  stopping?.addEventListener('abort', abort)
  if (stopping?.aborted) abort()
  return {
    signal: own.signal,
    [Symbol.dispose]: () => stopping?.removeEventListener('abort', abort),
  }
}
