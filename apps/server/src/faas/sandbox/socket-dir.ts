import { statSync } from 'node:fs'
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const PREFIX = 'parley-egress-'

/** A folder for one socket, short enough for its path; removes those of servers that were killed. */
export async function makeSocketDir(): Promise<string> {
  await removeLeftovers()
  const dir = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`))
  // Instances run as another user and must be able to enter it.
  await chmod(dir, 0o755)
  return dir
}

async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = Number(new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1] ?? 0)
    if (pid === 0 || isRunning(pid)) continue
    const dir = join(tmpdir(), name)
    // Another starting server may have removed it already.
    const uid = statSync(dir, { throwIfNoEntry: false })?.uid
    if (uid === process.getuid?.()) await rm(dir, { recursive: true, force: true })
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}
