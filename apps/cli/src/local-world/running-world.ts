import { spawnSync } from 'node:child_process'
import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Endpoint } from '@parley/client'
import * as z from 'zod'

/** The world that runs on a data folder, for other commands in the same project. */
const WorldFile = z.object({
  url: z.string(),
  accountId: z.string(),
  pid: z.int().positive(),
  /** When the process began, as its machine says it: where it was killed, another one has its id some day. */
  began: z.string(),
  /** Where its data are, of a world that is announced in another folder. */
  dataDir: z.string().optional(),
})

/** In a project. */
const DATA = '.parley'
const NAME = 'world.json'
const ELSEWHERE = 'elsewhere.json'

/** Says in the data folder where the world is, until disposed. */
export function announceWorld(dataDir: string, { url, accountId }: Endpoint): Disposable {
  const file = join(dataDir, NAME)
  const { pid } = process
  const world: z.infer<typeof WorldFile> = { url, accountId, pid, began: beginOf(pid) }
  writeFileSync(file, JSON.stringify(world), { mode: 0o600 })
  return { [Symbol.dispose]: () => rmSync(file, { force: true }) }
}

/**
 * Says in a project where its world is when that keeps its data elsewhere, until disposed: other commands look in the project. Nothing of
 * it is left then.
 */
export function announceElsewhere(
  project: string,
  { accountId, dataDir, url }: Endpoint & { dataDir: string },
): Disposable {
  const home = join(project, DATA)
  if (resolve(dataDir) === resolve(home)) return { [Symbol.dispose]: () => undefined }
  const isNew = makeDataFolder(home)
  const file = join(home, ELSEWHERE)
  const { pid } = process
  const world: z.infer<typeof WorldFile> = { url, accountId, pid, began: beginOf(pid), dataDir }
  writeFileSync(file, JSON.stringify(world), { mode: 0o600 })
  const forget = () => {
    // Another one may have begun meanwhile.
    if (readWorld(file)?.pid === pid) rmSync(file, { force: true })
    if (isNew && readdirSync(home).every((name) => name === IGNORE)) {
      rmSync(home, { recursive: true, force: true })
    }
  }
  return { [Symbol.dispose]: forget }
}

const IGNORE = '.gitignore'

/** Ignored by git, whatever the `.gitignore` of its project says. True when it was not there. */
export function makeDataFolder(dataDir: string): boolean {
  const isNew = mkdirSync(dataDir, { recursive: true, mode: 0o711 }) !== undefined
  const ignore = join(dataDir, IGNORE)
  if (!existsSync(ignore)) writeFileSync(ignore, '*\n')
  return isNew
}

/** @throws an `Error` that says what to do when a world runs on these data */
export function refuseSecondWorld(dataDir: string): void {
  const found = worldOn(dataDir)
  if (!found) return
  throw new Error(
    `${dataDir} is in use by another parley dev (process ${found.pid}): stop that one, or name another folder by --data`,
  )
}

/** The world of the project around a folder, while it runs. */
export function findRunningWorld(from: string): (Endpoint & { dataDir: string }) | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const home = join(folder, DATA)
    const found = worldOn(home) ?? worldOn(home, ELSEWHERE)
    if (found) {
      return { url: found.url, accountId: found.accountId, dataDir: found.dataDir ?? home }
    }
    if (folder === dirname(folder)) return undefined
  }
}

function worldOn(folder: string, name = NAME): z.infer<typeof WorldFile> | undefined {
  const found = readWorld(join(folder, name))
  return found && isRunning(found.pid) && found.began === beginOf(found.pid) ? found : undefined
}

function readWorld(file: string): z.infer<typeof WorldFile> | undefined {
  try {
    return WorldFile.parse(JSON.parse(readOwn(file)))
  } catch {
    // There is none, or a killed one has left half of it, or it is another user's.
    return undefined
  }
}

/**
 * Where others may write, as in `/tmp`, anybody can make a file that sends the sources and sessions of its reader to a server of theirs.
 * @throws an `Error` when the file is of a user who is neither the reader nor root, nor the one who has called `sudo`
 */
function readOwn(file: string): string {
  const descriptor = openSync(file, 'r')
  try {
    const { uid } = fstatSync(descriptor)
    const trusted = [0, process.getuid?.() ?? uid, Number(process.env['SUDO_UID'] || 0)]
    if (!trusted.includes(uid)) throw new Error(`${file} is of another user`)
    return readFileSync(descriptor, 'utf8')
  } finally {
    closeSync(descriptor)
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Empty where the machine does not say it. */
function beginOf(pid: number): string {
  if (process.platform !== 'linux') {
    const env = { ...process.env, TZ: 'UTC', LC_ALL: 'C' }
    return (
      spawnSync('ps', ['-o', 'lstart=', '-p', `${pid}`], { encoding: 'utf8', env }).stdout ?? ''
    )
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The 22nd field; the second one is a name, which may contain anything.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    // It has ended.
    return ''
  }
}
