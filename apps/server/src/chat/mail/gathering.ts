import type { Monotonic } from '#base/kernel'

/** Mails are in no hurry, and what is read or committed together costs a fraction. */
const GATHERING_MS = 20

/** Lets those who come within a few milliseconds go on together. */
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
