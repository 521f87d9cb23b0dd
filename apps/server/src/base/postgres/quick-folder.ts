import { existsSync, statfsSync } from 'node:fs'

const MEMORY_DISK = '/dev/shm'
const ENOUGH_BYTES = 2 ** 31

/** Where tests keep their databases: making hundreds of files is ten times quicker in memory. */
export function quickFolder(): string {
  if (!existsSync(MEMORY_DISK)) return '/tmp'
  const { bavail, bsize } = statfsSync(MEMORY_DISK)
  return bavail * bsize > ENOUGH_BYTES ? MEMORY_DISK : '/tmp'
}
