import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmdirSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A disk of its own, in memory, that everybody may enter. */
export interface SmallDisk extends Disposable {
  readonly folder: string
  /** Leaves no room for anybody. */
  fillUp(): void
}

/** @returns `undefined` where this user may not mount a disk */
export function openSmallDisk(megabytes: number): SmallDisk | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'parley-disk-'))
  const options = `size=${megabytes}m,mode=777`
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'parley', folder]).status !== 0) {
    rmdirSync(folder)
    return undefined
  }
  return {
    folder,
    fillUp() {
      const { bavail, bsize } = statfsSync(folder)
      spawnSync('fallocate', ['-l', String(bavail * bsize), join(folder, 'ballast')])
    },
    [Symbol.dispose]() {
      spawnSync('umount', ['-l', folder])
      rmdirSync(folder)
    },
  }
}
