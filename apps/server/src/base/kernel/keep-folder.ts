import { mkdir, mkdtemp, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'

const DRAFT = 'draft-'
/** A draft that is older was left by a process that was killed. */
const DRAFT_MS = 3_600_000

/**
 * Writes a folder so that it appears at once and whole: two nodes may write the same one, either may be killed, and the power may fail. Of
 * what stands beside it, which is of other versions, the newest stays: a node that runs may still need it.
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
  for (const { path } of [...older, ...left]) await rm(path, { recursive: true, force: true })
}
