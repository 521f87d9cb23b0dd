import { createHash } from 'node:crypto'
import { chownSync, mkdirSync, mkdtempSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { messageOf } from '#base/kernel'
import { canReach, type Owner } from './owner.ts'

const FALLBACK = '/var/lib/parley'
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

/** Where the cluster lives: in `dir`, or under /var/lib/parley when the owner cannot reach it there. */
export function findHome(dir: string, owner: Owner): string {
  if (canReach(owner, dir)) return dir
  // Two data folders must not share one cluster.
  const home = join(FALLBACK, createHash('sha256').update(dir).digest('hex').slice(0, 12))
  makeFolder(home, 0o711)
  if (!canReach(owner, home)) {
    throw new Error(
      `Cannot start: neither ${dir} nor ${home} can be reached by the user id ${owner.uid}`,
    )
  }
  return home
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
