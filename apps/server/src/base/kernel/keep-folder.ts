import { mkdir, mkdtemp, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'

const DRAFT = 'draft-'
/** A draft that is older was left by a process that was killed. */
const DRAFT_MS = 3_600_000
/** A process that runs what is in a folder has a file there with this name and its id. */
const USED_BY = /^used-by-(\d+)$/

/**
 * Writes a folder so that it appears at once and whole: two nodes may write the same one, either may be killed, and the power may fail. Of
 * what stands beside it, which is of other versions, the newest stays, and what a process still runs.
 */
export async function keepFolder(
  folder: string,
  write: (draft: string) => Promise<void>,
): Promise<void> {
  const beside = dirname(folder)
  await mkdir(beside, { recursive: true })
  const draft = await mkdtemp(join(beside, DRAFT))
  try {
    await write(draft)
    for (const name of await readdir(draft)) await flush(join(draft, name))
    await flush(draft)
    await rename(draft, folder)
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    // The other node was faster, with the same files.
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOTEMPTY')) throw error
  }
  await removeOthers(folder)
}

async function flush(path: string): Promise<void> {
  await using file = await open(path)
  await file.sync()
}

async function removeOthers(folder: string): Promise<void> {
  const beside = dirname(folder)
  const others = await Promise.all(
    (await readdir(beside)).map(async (name) => {
      const path = join(beside, name)
      // Another node may be removing it, too.
      const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: 0 }))
      return { path, isDraft: name.startsWith(DRAFT), mtimeMs }
    }),
  )
  const [, ...older] = others
    .filter(({ path, isDraft }) => !isDraft && path !== folder)
    .toSorted((one, other) => other.mtimeMs - one.mtimeMs)
  const left = others.filter(({ isDraft, mtimeMs }) => isDraft && Date.now() - mtimeMs > DRAFT_MS)
  for (const { path } of [...older, ...left]) {
    if (!(await isUsed(path))) await rm(path, { recursive: true, force: true })
  }
}

async function isUsed(path: string): Promise<boolean> {
  // Another node may be removing it, too.
  const names = await readdir(path).catch(() => [])
  return names.some((name) => isRunning(Number(USED_BY.exec(name)?.[1] ?? 0)))
}

function isRunning(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0)
  } catch (cause) {
    return cause instanceof Error && 'code' in cause && cause.code === 'EPERM'
  }
}
