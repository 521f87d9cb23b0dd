import { hash } from 'node:crypto'
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { messageOf } from '#base/kernel'
import { hasCluster } from './cluster.ts'
import { canReach, type Owner } from './owner.ts'

const FALLBACK = '/var/lib/parley'
const NOTE = 'elsewhere'
/** PostgreSQL does not start when the socket's path is longer than the system allows (107 bytes, with its name). */
const MAX_SOCKET_DIR = 85

/** Makes a folder that only this process may change and that PostgreSQL's owner may pass through. */
export function makeFolder(path: string, mode: number): void {
  try {
    mkdirSync(path, { recursive: true, mode })
  } catch (cause) {
    throw new Error(
      `Cannot start: the data folder ${path} cannot be written: ${messageOf(cause)}`,
      { cause },
    )
  }
}

/**
 * Where the cluster lives: in `dir`, or under /var/lib/parley when the owner could not reach it there as it was made.
 * @throws an `Error` with one clear line when the cluster that `dir` had is not there, or cannot be reached
 */
export function findHome(dir: string, owner: Owner): string {
  const reaches = canReach(owner, dir)
  if (hasCluster(dir)) {
    if (reaches) return dir
    throw new Error(
      `Cannot start: the database in ${dir} cannot be reached by the user id ${owner.uid}: let it enter each folder above (chmod o+x)`,
    )
  }
  // Two data folders must not share one cluster.
  const fallback = join(FALLBACK, hash('sha256', dir).slice(0, 12))
  if (hasCluster(fallback)) return reached(fallback, dir, owner)
  const former = readNote(dir)
  if (former !== undefined) {
    throw new Error(
      `Cannot start: the database of ${dir} was in ${former}: copy what is in there, or in its backup, to ${reaches ? dir : fallback} (cp -a)`,
    )
  }
  if (reaches) return dir
  makeFolder(fallback, 0o711)
  return reached(fallback, dir, owner)
}

function reached(home: string, dir: string, owner: Owner): string {
  if (canReach(owner, home)) return home
  throw new Error(
    `Cannot start: neither ${dir} nor ${home} can be reached by the user id ${owner.uid}: let it enter each folder above one of them (chmod o+x)`,
  )
}

/** Notes in the data folder where its cluster is: without that, a copy of the folder alone would begin with an empty one. */
export function noteHome(dir: string, home: string): void {
  const note = join(dir, NOTE)
  if (home === dir) rmSync(note, { force: true })
  else if (readNote(dir) !== home) writeFileSync(note, home, { flush: true })
}

function readNote(dir: string): string | undefined {
  const note = join(dir, NOTE)
  return existsSync(note) ? readFileSync(note, 'utf8') : undefined
}

/** A folder for the socket, which only its owner (and root) can enter. */
export function makeSocketDir(home: string, owner: Owner): string {
  const wanted = join(home, 'run')
  if (Buffer.byteLength(wanted) > MAX_SOCKET_DIR) {
    const short = mkdtempSync(join(tmpdir().length < 40 ? tmpdir() : '/tmp', 'parley-'))
    own(short, owner)
    return short
  }
  makeFolder(wanted, 0o700)
  own(wanted, owner)
  return wanted
}

export function own(path: string, owner: Owner): void {
  const { uid, gid } = statSync(path)
  if (uid !== owner.uid || gid !== owner.gid) chownSync(path, owner.uid, owner.gid)
}
