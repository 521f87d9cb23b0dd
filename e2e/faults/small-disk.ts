import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmdirSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const MB = 1_048_576
/** Of the memory that is free; the rest is for the processes of the run. */
const MAX_SHARE = 0.5
/** Of filling it up beside a database that writes. */
const TRIES = 20

/** A file system of its own that can be filled up. */
export interface SmallDisk extends Disposable {
  readonly folder: string
  /** Leaves nothing for anybody. Again: nothing of what was freed meanwhile. */
  fillUp(): void
  makeRoom(): void
}

/**
 * In memory. Needs the right to mount (root), and so much memory twice.
 * @returns why there is none here
 */
export function openSmallDisk(megabytes: number): SmallDisk | string {
  const [, kb = '0'] = /MemAvailable:\s+(\d+)/.exec(readFileSync('/proc/meminfo', 'utf8')) ?? []
  if (Number(kb) / 1024 < megabytes / MAX_SHARE) {
    return `a disk of ${megabytes} MB in memory is too much for this machine`
  }
  const folder = mkdtempSync(join(tmpdir(), 'parley-disk-'))
  const mount = ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=755`, 'parley-faults', folder]
  try {
    execFileSync('mount', mount, { stdio: ['ignore', 'ignore', 'pipe'] })
  } catch (error) {
    rmdirSync(folder)
    return `mounting a disk in memory needs root: ${error instanceof Error ? error.message.trim() : ''}`
  }
  chmodSync(folder, 0o755)
  const ballast: string[] = []
  const unmount = () => execFileSync('umount', ['-l', folder], { stdio: 'ignore' })
  // Nothing else would unmount it when this process fails.
  process.once('exit', unmount)
  return {
    folder,
    fillUp() {
      for (let tries = 0; tries < TRIES; tries++) {
        const { bavail, bsize } = statfsSync(folder)
        if (bavail * bsize < MB / 16) return
        const file = join(folder, `ballast-${ballast.length}`)
        ballast.push(file)
        // It gets nothing when somebody has written meanwhile: less is free then.
        spawnSync('fallocate', ['-l', String(bavail * bsize), file], { stdio: 'ignore' })
      }
      throw new Error(`${folder} could not be filled up`)
    },
    makeRoom() {
      for (const file of ballast.splice(0)) rmSync(file, { force: true })
    },
    [Symbol.dispose]() {
      process.off('exit', unmount)
      unmount()
      rmdirSync(folder)
    },
  }
}
