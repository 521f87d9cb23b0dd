import { hasReserve, type Logger, type Monotonic, ParleyError } from '#base/kernel'

const LOOK_MS = 500
/** So long nothing is stored after the database has said that its disk is full: trying costs space, too. */
const PAUSE_MS = 1_000

/** Knows whether the database has room, so that what cannot be stored is refused before it is tried. */
export interface Disk extends Disposable {
  /** Nothing can be stored now. Asks nothing. */
  isFull(): boolean
  /** The database has said so. */
  noteFull(): void
  /** @throws ParleyError `unavailable`: nothing can be stored now */
  requireRoom(): void
}

/** @param dir of the database, if it is on this machine */
export function watchDisk(
  { monotonic, logger }: { monotonic: Monotonic; logger: Logger },
  dir: string | undefined,
): Disk {
  let hasRoom = true
  let pausesUntil = -Infinity
  let wasFull = false
  let isBlind = false
  const isFull = () => !hasRoom || monotonic.now() < pausesUntil

  function lookAt(folder: string): boolean {
    try {
      return hasReserve(folder)
    } catch (err) {
      // The database will say what is wrong with its folder.
      if (!isBlind) logger.warn({ err }, 'The disk of the database could not be looked at')
      isBlind = true
      return true
    }
  }

  function look(): void {
    if (dir !== undefined) hasRoom = lookAt(dir)
    if (isFull() === wasFull) return
    wasFull = !wasFull
    if (wasFull) logger.error('The disk of the database is full: nothing can be stored')
    else logger.info('The disk of the database has room again')
  }

  look()
  const looking = monotonic.every(LOOK_MS, look)
  return {
    isFull,
    noteFull() {
      pausesUntil = monotonic.now() + PAUSE_MS
      look()
    },
    requireRoom() {
      if (isFull()) throw diskIsFull()
    },
    [Symbol.dispose]: () => looking[Symbol.dispose](),
  }
}

export function diskIsFull(cause?: unknown): ParleyError {
  return new ParleyError('unavailable', 'The disk of the database is full', {
    cause,
    retryAfterMs: PAUSE_MS,
  })
}
