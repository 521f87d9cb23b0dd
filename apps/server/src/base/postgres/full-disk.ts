import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  openSync,
  readFileSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { hasReserve, type Logger, type Monotonic } from '#base/kernel'
import { endVacuum, signal } from './pids.ts'

const LOOK_MS = 100
const FILE = 'full-disk.conf'
const INCLUDE = `include_if_exists = '../${FILE}'`
/** They differ in one byte, which is written in place: a full disk has no room for another file. */
const OFF = ' autovacuum = off\n'
const UNSAID = OFF.replace(' ', '#')

interface Watched {
  home: string
  cluster: string
}

/**
 * Lets nothing vacuum while the disk is nearly full. What is vacuumed is written to PostgreSQL's log of changes first, and a server
 * that finds no room for its log ends, and cannot come back before there is some: the last space is for what nodes say of themselves.
 * To be called before the server starts.
 * @returns watches from then on
 */
export function spareFullDisk(
  { logger, monotonic }: { logger: Logger; monotonic: Monotonic },
  { home, cluster }: Watched,
): (postmaster: () => number | undefined) => Disposable {
  const file = join(home, FILE)
  let isFull = false
  let told: number | undefined
  let isBlind = false

  function prepare(): void {
    isFull = !hasReserve(home)
    if (!existsSync(file)) {
      writeFileSync(file, UNSAID)
      chmodSync(file, 0o644)
    }
    write(file, isFull ? OFF : UNSAID)
    const settings = join(cluster, 'postgresql.conf')
    if (!readFileSync(settings, 'utf8').includes(INCLUDE)) {
      // The folder is the server's: it must not lead a more powerful user to another file.
      write(settings, `${INCLUDE}\n`, constants.O_APPEND | constants.O_NOFOLLOW)
    }
  }

  function look(pid: number | undefined): void {
    const isFullNow = !hasReserve(home)
    if (isFullNow !== isFull) {
      write(file, isFullNow ? OFF : UNSAID)
      isFull = isFullNow
      told = undefined
    }
    // Also one that has just started: it may have read what was there before.
    if (pid !== undefined && pid !== told) {
      signal(pid, 'SIGHUP')
      told = pid
    }
    // A worker that runs does all that it has begun with, whatever the settings say.
    if (isFull) endVacuum(cluster)
  }

  function tried(step: () => void): void {
    try {
      step()
    } catch (err) {
      if (!isBlind) logger.warn({ err }, 'Vacuum may fill up the disk of the database')
      isBlind = true
    }
  }

  tried(prepare)
  return (postmaster) => monotonic.every(LOOK_MS, () => tried(() => look(postmaster())))
}

/** Into a file that is there. */
function write(file: string, text: string, flags = 0): void {
  const opened = openSync(file, constants.O_WRONLY | flags)
  try {
    writeSync(opened, text)
  } finally {
    closeSync(opened)
  }
}
