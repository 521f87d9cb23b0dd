import { createHash } from 'node:crypto'
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** What is run as a bundle of its sources. Paths are those of the whole project. */
export interface Program {
  /** Of the folder in which its bundles are. */
  name: string
  /** Its first source. */
  main: string
  /** Every folder of which files may be in it. Of libraries the lock says what they are. */
  sources: readonly string[]
}

export const SERVER: Program = {
  name: 'server',
  main: 'apps/server/src/main.ts',
  sources: ['apps/server/src', 'packages/contract/src', 'packages/toolbelt/src'],
}
/** The process of a local world of the command line: a server, and what catches its mails. */
export const WORLD: Program = {
  name: 'world',
  main: 'apps/cli/src/local-world/world.ts',
  sources: ['apps/cli/src/local-world', ...SERVER.sources],
}
const OTHERS = ['package-lock.json', 'apps/server/package.json', 'packages/contract/package.json']

/**
 * The first file (a URL) of a program as a bundle, which is made anew when a source has changed. A server loads so in a third of the time
 * of its sources and takes 50 MB less.
 * @param root the folder of the whole project
 * @param onBuild called before it is made
 * @throws when it cannot be made
 */
export async function findBuilt(
  root: string,
  program: Program,
  onBuild: () => void = () => undefined,
): Promise<string> {
  const key = keyOfSources(root, program.sources)
  const file = join(root, 'node_modules/.cache', program.name, key, 'main.mjs')
  if (!existsSync(file)) {
    onBuild()
    const { buildProgram } = await import('./build-program.ts')
    await buildProgram(root, program.main, file)
  }
  return pathToFileURL(file).href
}

/** The same, or the first source where no bundle can be made: standard error says why. */
export async function findProgram(
  root: string,
  program: Program,
  onBuild?: () => void,
): Promise<string> {
  try {
    const file = await findBuilt(root, program, onBuild)
    noteUse(fileURLToPath(new URL('.', file)))
    process.setSourceMapsEnabled(true)
    return file
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error)
    process.stderr.write(`Parley runs from its sources, which start slower: ${cause}\n`)
    return pathToFileURL(join(root, program.main)).href
  }
}

/** Says in the folder of a build that this process runs it (`keepFolder`): parts of it are loaded when they are needed. */
function noteUse(folder: string): void {
  const note = join(folder, `used-by-${process.pid}`)
  try {
    writeFileSync(note, '')
    process.once('exit', () => rmSync(note, { force: true }))
  } catch {
    // Who may not write here may run it: whoever removes it does not know.
  }
}

/** By size and time of change: reading two thousand files would take longer than all that is gained. */
function keyOfSources(root: string, sources: readonly string[]): string {
  const hash = createHash('sha256')
  const add = (path: string) => {
    const { size, mtimeMs } = statSync(join(root, path))
    hash.update(`${path} ${size} ${mtimeMs}\n`)
  }
  for (const path of OTHERS) add(path)
  for (const folder of sources) {
    const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    for (const name of names.toSorted()) {
      if (/\.(ts|json)$/.test(name) && !/\.(test|fixture)\.ts$/.test(name)) add(join(folder, name))
    }
  }
  return hash.digest('hex').slice(0, 16)
}
