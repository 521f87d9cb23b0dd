import type { Monotonic } from '#base/kernel'

/** Background work may wait that long: reading or committing several things together costs a fraction. */
const GATHERING_MS = 20

/** Callers that come within a few milliseconds go on together. */
export function openGathering({
  monotonic,
}: {
  monotonic: Pick<Monotonic, 'sleep'>
}): () => Promise<void> {
  let open: Promise<void> | undefined
  return () => {
    open ??= monotonic.sleep(GATHERING_MS).then(() => {
      open = undefined
    })
    return open
  }
}
