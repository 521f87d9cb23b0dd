import { createHash } from 'node:crypto'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as z from 'zod'
import { keepFolder } from '#base/kernel'
import { buildConsole, type ConsoleFiles } from './build.ts'

const CONSOLE = fileURLToPath(import.meta.resolve('@parley/console/studio'))
/** Every folder whose files may end up in the console. */
const SOURCES = [
  // The studio uses parts of the folders beside its own.
  dirname(dirname(CONSOLE)),
  ...['@parley/contract', '@parley/client'].map((name) =>
    dirname(fileURLToPath(import.meta.resolve(name))),
  ),
]
const RECIPE = fileURLToPath(new URL('build.ts', import.meta.url))
/** Libraries are pinned here. */
const MANIFEST = join(dirname(dirname(dirname(CONSOLE))), 'package.json')
const INDEX = 'index.json'

const Page = z.object({ script: z.string(), style: z.string() })
const Names = z.object({
  studio: Page,
  workspace: Page,
  workers: z.object({ editor: z.string(), typescript: z.string(), json: z.string() }),
})
const Index = z.object({
  names: Names,
  /** The size of each file. */
  bytes: z.record(z.string(), z.int()),
})

/**
 * The console as it was last built from these sources, or built now.
 * @param building called when it has to be built
 */
export async function findConsole(cacheDir: string, building: () => void): Promise<ConsoleFiles> {
  const folder = join(cacheDir, await keyOfSources())
  const kept = await read(folder)
  if (kept) return kept
  building()
  const built = await buildConsole()
  const sizes = [...built.gzipped].map(([name, content]) => [name, content.length])
  const index = { names: built.names, bytes: Object.fromEntries(sizes) }
  await keepFolder(folder, async (draft) => {
    await writeFile(join(draft, INDEX), JSON.stringify(index))
    for (const [name, content] of built.gzipped) await writeFile(join(draft, name), content)
  })
  return built
}

async function keyOfSources(): Promise<string> {
  const hash = createHash('sha256')
  for (const file of [RECIPE, MANIFEST]) hash.update(await readFile(file))
  for (const folder of SOURCES) {
    for (const name of (await readdir(folder, { recursive: true })).toSorted()) {
      if (!/\.(tsx?|css|json)$/.test(name) || /\.test\.tsx?$/.test(name)) continue
      hash.update(name).update(await readFile(join(folder, name)))
    }
  }
  return hash.digest('hex').slice(0, 16)
}

/** Removes what is not whole: files may be lost to who tidies up, or to a disk. */
async function read(folder: string): Promise<ConsoleFiles | undefined> {
  try {
    const { names, bytes } = Index.parse(JSON.parse(await readFile(join(folder, INDEX), 'utf8')))
    const gzipped = new Map<string, Buffer>()
    for (const [name, size] of Object.entries(bytes)) {
      const content = await readFile(join(folder, name))
      if (content.length !== size) throw new Error(`${name} has ${content.length} bytes`)
      gzipped.set(name, content)
    }
    return { names, gzipped }
  } catch {
    // Whatever is wrong with it: it is built again.
    await rm(folder, { recursive: true, force: true })
    return undefined
  }
}
