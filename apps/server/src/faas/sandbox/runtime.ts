import { spawn } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { chmod, copyFile, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { bundleHarness } from './bundle.ts'

const resolveFrom = createRequire(import.meta.url)

/** The files that an instance needs: readable for the sandbox's user, read-only for all. */
export interface RuntimeFiles {
  binary: string
  bundle: string
  /** The runtime's cache, filled once and then read-only. */
  codeCacheDir: string
  /** Where the measured memory limit is kept. */
  homeDir: string
}

const PACKAGES: Record<string, string> = {
  'linux-x64': '@deno/linux-x64-glibc',
  'linux-arm64': '@deno/linux-arm64-glibc',
  'darwin-x64': '@deno/darwin-x64',
  'darwin-arm64': '@deno/darwin-arm64',
}

/** Used when the sandbox's user cannot enter the given folder, as in root's home. */
const SHARED_DIR = '/var/lib/parley/sandbox'

export async function prepareRuntime(
  cacheDir: string,
  forOtherUser: boolean,
): Promise<RuntimeFiles> {
  const { binary, version } = findBinary()
  const isReachable = !forOtherUser || isOpenToAll(cacheDir)
  const base = isReachable ? cacheDir : SHARED_DIR
  await mkdir(base, { recursive: true })
  if (forOtherUser) await chmod(base, 0o755)
  const { file: bundle } = await bundleHarness(base, version)
  const homeDir = dirname(bundle)
  const codeCacheDir = join(homeDir, 'cache')
  const reachable =
    forOtherUser && !isOpenToAll(binary) ? await copyBinary(binary, base, version) : binary
  if (!existsSync(join(codeCacheDir, 'location_data'))) {
    await fillCodeCache(reachable, bundle, codeCacheDir)
    await removeOutdated(base, homeDir)
  }
  return { binary: reachable, bundle, codeCacheDir, homeDir }
}

function findBinary(): { binary: string; version: string } {
  const platform = `${process.platform}-${process.arch}`
  const name = PACKAGES[platform]
  if (!name)
    throw new Error(`Functions cannot run on ${platform}: there is no sandbox runtime for it`)
  try {
    const manifest = resolveFrom.resolve(`${name}/package.json`)
    const { version } = resolveFrom(manifest) as { version: string }
    return { binary: join(dirname(manifest), 'deno'), version }
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

/** Removes bundles of earlier sources, unless another server may still use them. */
async function removeOutdated(base: string, homeDir: string): Promise<void> {
  const { mtimeMs: newest } = await stat(homeDir)
  for (const name of await readdir(base)) {
    const dir = join(base, name)
    if (!/^[0-9a-f]{16}$/.test(name) || newest - (await stat(dir)).mtimeMs < OUTDATED_MS) continue
    for (const sub of ['cache', 'cache/node_compat_bin', 'cache/npm']) {
      if (existsSync(join(dir, sub))) await chmod(join(dir, sub), 0o755)
    }
    await rm(dir, { recursive: true, force: true })
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
  await rename(draft, dir).catch(async (error: unknown) => {
    if (!existsSync(join(dir, 'location_data'))) throw error
    await chmod(draft, 0o755)
    await rm(draft, { recursive: true, force: true })
  })
}

function runOnce(binary: string, bundle: string, cacheDir: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const flags = ['--no-prompt', '--no-config', '--no-lock', '--no-remote', '--no-npm']
    const child = spawn(
      binary,
      ['run', '--quiet', ...flags, '--cached-only', '--ignore-env', '--deny-import', bundle],
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
