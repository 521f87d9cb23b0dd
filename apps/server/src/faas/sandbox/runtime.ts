import { spawn } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, existsSync, statSync } from 'node:fs'
import {
  chmod,
  copyFile,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { isHeldByUsers, takeUnused } from '#base/kernel'
import { bundleHarness, writeWhole } from './bundle.ts'
import { V8_FLAGS } from './confinement.ts'

const resolveFrom = createRequire(import.meta.url)

/** The files that an instance needs: readable for the sandbox's user, read-only for all. */
export interface RuntimeFiles {
  binary: string
  bundle: string
  /** The runtime's cache, filled once and then read-only. */
  codeCacheDir: string
  /** Where the measured memory limit is kept. */
  homeDir: string
  /** Until it is disposed, no other server removes them. */
  inUse: Disposable
}

/** Whether nobody has removed any of them since: a cleaner of old files, say. */
export function areWhole({ binary, bundle, codeCacheDir }: RuntimeFiles): boolean {
  return [binary, bundle, join(codeCacheDir, 'location_data')].every((file) => existsSync(file))
}

interface RuntimePackage {
  name: string
  /**
   * SHA-256 of the file `deno` of the version that package.json names, to be renewed with it. Without one, the first file
   * that is prepared on a machine is the one that counts there.
   */
  sha256?: string
}

const PACKAGES: Record<string, RuntimePackage> = {
  'linux-x64': {
    name: '@deno/linux-x64-glibc',
    sha256: 'bceb5b6a6239b0b010418406d8c77a508f67cf4337d94288f1c19fe71304aab0',
  },
  'linux-arm64': { name: '@deno/linux-arm64-glibc' },
  'darwin-x64': { name: '@deno/darwin-x64' },
  'darwin-arm64': { name: '@deno/darwin-arm64' },
}

/** Used when the sandbox's user cannot enter the given folder, as in root's home. */
const SHARED_DIR = '/var/lib/parley/sandbox'

export async function prepareRuntime(
  cacheDir: string,
  forOtherUser: boolean,
): Promise<RuntimeFiles> {
  const { binary, version, sha256 } = findBinary()
  const isReachable = !forOtherUser || isOpenToAll(cacheDir)
  const base = isReachable ? cacheDir : SHARED_DIR
  await mkdir(base, { recursive: true })
  if (forOtherUser) await chmod(base, 0o755)
  const checks = { dir: base, version }
  const checked = await checkRuntime(binary, sha256, { ...checks, name: 'package' })
  const { file: bundle, inUse } = await bundleHarness(base, `${version} ${V8_FLAGS}`)
  const homeDir = dirname(bundle)
  const codeCacheDir = join(homeDir, 'cache')
  const reachable =
    forOtherUser && !isOpenToAll(binary) ? await copyBinary(binary, base, version) : binary
  if (reachable !== binary) await checkRuntime(reachable, checked, { ...checks, name: 'copy' })
  if (!existsSync(join(codeCacheDir, 'location_data'))) {
    await fillCodeCache(reachable, bundle, codeCacheDir)
  }
  await removeOutdated(base, homeDir)
  return { binary: reachable, bundle, codeCacheDir, homeDir, inUse }
}

/**
 * Checks that a file is the runtime that Parley was tested with, and answers its SHA-256. Reading the whole file takes long,
 * so that what was found is kept in `dir` for as long as the file stays the same.
 * @throws an `Error` with one clear line when it is another one
 */
async function checkRuntime(
  binary: string,
  expected: string | undefined,
  { dir, name, version }: { dir: string; name: string; version: string },
): Promise<string> {
  const { size, mtimeNs, ctimeNs, ino } = await stat(binary, { bigint: true })
  const state = `${size} ${mtimeNs} ${ctimeNs} ${ino}`
  const file = join(dir, `runtime-${version}-${name}.checked`)
  const [knownSha256, knownState] = (await readFile(file, 'utf8').catch(() => '')).split('\n')
  const wanted = expected ?? knownSha256
  const isKnown = knownState === state && knownSha256 !== undefined
  const sha256 = isKnown ? knownSha256 : await sha256Of(binary)
  if (wanted && sha256 !== wanted) {
    throw new Error(
      `Functions cannot run: ${binary} is not the sandbox runtime ${version} that Parley was tested with (SHA-256 ${sha256} instead of ${wanted}); install it again`,
    )
  }
  // The folder may belong to another user: it only saves the next start the reading.
  if (!isKnown) await writeWhole(file, `${sha256}\n${state}`).catch(() => undefined)
  return sha256
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) {
    hash.update(chunk as Buffer)
  }
  return hash.digest('hex')
}

function findBinary(): { binary: string; version: string; sha256: string | undefined } {
  const platform = `${process.platform}-${process.arch}`
  const found = PACKAGES[platform]
  if (!found)
    throw new Error(`Functions cannot run on ${platform}: there is no sandbox runtime for it`)
  const { name, sha256 } = found
  try {
    const manifest = resolveFrom.resolve(`${name}/package.json`)
    const { version } = resolveFrom(manifest) as { version: string }
    return { binary: join(dirname(manifest), 'deno'), version, sha256 }
  } catch (error) {
    throw new Error(`The package ${name} is not installed, so functions cannot run`, {
      cause: error,
    })
  }
}

/** Whether another user can enter every folder of the path and read the file. */
function isOpenToAll(path: string): boolean {
  const own = statSync(path, { throwIfNoEntry: false })
  if (own && !own.isDirectory() && (own.mode & 0o5) !== 0o5) return false
  for (let dir = own?.isDirectory() === false ? dirname(path) : path; ; dir = dirname(dir)) {
    const found = statSync(dir, { throwIfNoEntry: false })
    if (found && (found.mode & 0o1) === 0) return false
    if (dir === dirname(dir)) return true
  }
}

async function copyBinary(binary: string, base: string, version: string): Promise<string> {
  const copy = join(base, `runtime-${version}`)
  if (existsSync(copy)) return copy
  await copyFile(binary, `${copy}.${process.pid}`)
  await chmod(`${copy}.${process.pid}`, 0o755)
  await rename(`${copy}.${process.pid}`, copy)
  return copy
}

const OUTDATED_MS = 86_400_000

/** A bundle that is being removed: a server may be killed meanwhile. */
const REMOVED = '.removed'

/**
 * Removes bundles of other versions that no server uses. One of a version that did not say which it used stays for a day after the newest
 * was made.
 */
async function removeOutdated(base: string, homeDir: string): Promise<void> {
  const { mtimeMs: newest } = await stat(homeDir)
  for (const name of await readdir(base)) {
    const dir = join(base, name)
    if (!/^[0-9a-f]{16}(\..+\.removed)?$/.test(name) || dir === homeDir) continue
    const found = statSync(dir, { throwIfNoEntry: false })
    // Another server may be removing it, too, and what another user has made is not ours to remove.
    if (!found || found.uid !== process.getuid?.()) continue
    if (name.endsWith(REMOVED)) await removeBundle(dir)
    else if (isHeldByUsers(dir)) {
      const taken = `${dir}.${randomUUID()}${REMOVED}`
      if (await takeUnused(dir, taken)) await removeBundle(taken)
    } else if (newest - found.mtimeMs >= OUTDATED_MS) await removeBundle(dir)
  }
}

async function removeBundle(dir: string): Promise<void> {
  await unlockCache(dir)
  await rm(dir, { recursive: true, force: true })
}

/** Its folders may be changed again: they are closed once they are filled. */
async function unlockCache(dir: string): Promise<void> {
  for (const sub of ['cache', 'cache/node_compat_bin', 'cache/npm']) {
    // Not every one has all, and another server may be removing it, too.
    await chmod(join(dir, sub), 0o755).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
    })
  }
}

/** Runs the bundle without a function, so that later starts find compiled code and take a third of the time. */
async function fillCodeCache(binary: string, bundle: string, dir: string): Promise<void> {
  const draft = `${dir}.${process.pid}`
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { recursive: true })
  // The second run caches what the first one compiled.
  for (let run = 0; run < 2; run += 1) await runOnce(binary, bundle, draft)
  // A regular file of this name switches off the runtime's storage, which all functions would share.
  await writeFile(join(draft, 'location_data'), '')
  for (const name of await readdir(draft)) {
    await chmod(join(draft, name), (await stat(join(draft, name))).isDirectory() ? 0o555 : 0o444)
  }
  await chmod(draft, 0o555)
  const place = () => rename(draft, dir)
  await place().catch(async () => {
    // Somebody has removed a part of what was there.
    if (!existsSync(join(dir, 'location_data'))) {
      await unlockCache(dirname(dir))
      await rm(dir, { recursive: true, force: true })
      return await place()
    }
    await chmod(draft, 0o755)
    await rm(draft, { recursive: true, force: true })
  })
}

function runOnce(binary: string, bundle: string, cacheDir: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const flags = ['--no-prompt', '--no-config', '--no-lock', '--no-remote', '--no-npm']
    const child = spawn(
      binary,
      // Code that was compiled with other flags of V8 would not be used.
      [
        'run',
        '--quiet',
        ...flags,
        '--cached-only',
        '--ignore-env',
        '--deny-import',
        V8_FLAGS,
        bundle,
      ],
      { env: { DENO_DIR: cacheDir, DENO_NO_UPDATE_CHECK: '1', NO_COLOR: '1' }, cwd: '/' },
    )
    let stderr = ''
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    child.stdout.once('data', () => child.stdin.end())
    child.stdin.on('error', () => undefined)
    child.on('error', reject)
    child.on('exit', (code) => {
      if (code === 0) resolve()
      else
        reject(new Error(`The sandbox runtime does not start (${code}): ${stderr.slice(0, 500)}`))
    })
  })
}
