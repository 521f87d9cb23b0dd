import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { builtinModules, createRequire } from 'node:module'
import { chmod, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundle, holdFolder } from '#base/kernel'

const resolveFrom = createRequire(import.meta.url)
/** The folder of everything that runs inside an instance. */
const INSIDE_DIR = dirname(fileURLToPath(import.meta.resolve('@parley/toolbelt')))
const HARNESS_DIR = join(INSIDE_DIR, 'harness')
const ENTRY = join(HARNESS_DIR, 'main.ts')
const SYSTEM_TIME = join(HARNESS_DIR, 'system-time.ts')
/** What libraries find instead of the whole module. */
const INSTEAD: Record<string, string> = {
  http2: join(HARNESS_DIR, 'no-http2.ts'),
  'node:http2': join(HARNESS_DIR, 'no-http2.ts'),
  undici: join(HARNESS_DIR, 'undici.ts'),
}
/** Of undici and axios, those that read the clock or wait. */
const CLIENT_FILES = [
  /undici[\\/]lib[\\/]util[\\/]timers\.js$/,
  /undici[\\/]lib[\\/]dispatcher[\\/]pool\.js$/,
  /undici[\\/]lib[\\/]dispatcher[\\/]round-robin-pool\.js$/,
  /undici[\\/]lib[\\/]web[\\/]fetch[\\/]index\.js$/,
  /axios[\\/]dist[\\/]node[\\/]axios\.cjs$/,
]

/**
 * The one file that an instance runs: harness, toolbelt and libraries. Built when a source changed, else taken from
 * `cacheDir`.
 */
export async function bundleHarness(
  cacheDir: string,
  /** Its version and its flags: compiled code and the memory limit, which are kept beside the file, depend on them. */
  runtime: string,
): Promise<{ file: string; inUse: Disposable }> {
  const key = await hashOfSources(runtime)
  const file = join(cacheDir, key, 'bootstrap.mjs')
  // Before it is looked at: another node may be removing it.
  const inUse = holdFolder(dirname(file))
  if (!existsSync(file)) await build(file)
  return { file, inUse }
}

async function build(file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  const draft = `${file}.${process.pid}`
  await bundle({
    entryPoints: [ENTRY],
    outfile: draft,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'es2024',
    minifySyntax: true,
    minifyWhitespace: true,
    keepNames: true,
    legalComments: 'none',
    logLevel: 'error',
    banner: {
      js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
    },
    plugins: [
      {
        name: 'confined',
        setup(plugin) {
          plugin.onResolve({ filter: /^[a-z_]+(\/[a-z]+)?$/ }, ({ path }) =>
            builtinModules.includes(path) ? { path: `node:${path}`, external: true } : undefined,
          )
          plugin.onResolve({ filter: /^(?:(?:node:)?http2|undici)$/ }, ({ path }) => ({
            path: INSTEAD[path] ?? path,
          }))
          // A parser of HTTP that undici uses where it is told to, which nothing does.
          plugin.onLoad({ filter: /undici[\\/]lib[\\/]milo[\\/]/ }, () => ({ contents: '' }))
          // jsforce makes its own undici agent, so a global dispatcher would not be enough.
          plugin.onLoad({ filter: /undici[\\/]lib[\\/]core[\\/]connect\.js$/ }, () => ({
            loader: 'js',
            resolveDir: HARNESS_DIR,
            contents: "module.exports = require('./egress.ts').undiciConnector",
          }))
          // What clients of HTTP measure and wait for by themselves belongs to no recording, and would differ in a replay.
          for (const filter of CLIENT_FILES) {
            plugin.onLoad({ filter }, async ({ path }) => ({
              loader: 'js',
              resolveDir: dirname(path),
              contents: `const { setTimeout, clearTimeout, Date } = require(${JSON.stringify(SYSTEM_TIME)});\n${await readFile(path, 'utf8')}`,
            }))
          }
          // It draws bytes for sixteen calls at once, which belong to none.
          plugin.onLoad({ filter: /uuid[\\/]dist[\\/](?:esm-node[\\/])?rng\.js$/ }, () => ({
            loader: 'js',
            resolveDir: HARNESS_DIR,
            contents:
              "import crypto from 'node:crypto';export default () => crypto.randomBytes(16)",
          }))
          // The file system in memory asks nothing of the runtime, which would refuse.
          plugin.onLoad({ filter: /fs-core[\\/]lib[\\/]process\.js$/ }, () => ({
            loader: 'js',
            resolveDir: INSIDE_DIR,
            contents: "exports.default = require('./memory-process.ts').memoryProcess",
          }))
        },
      },
    ],
  })
  // Instances run as another user, whatever the umask of this one is.
  await chmod(draft, 0o644)
  await chmod(dirname(file), 0o755)
  await rename(draft, file)
}

/** Our sources by content, the pinned libraries by version. */
async function hashOfSources(runtime: string): Promise<string> {
  const manifest = await readFile(join(dirname(INSIDE_DIR), 'package.json'), 'utf8')
  const recipe = await readFile(fileURLToPath(import.meta.url))
  const hash = createHash('sha256').update(recipe).update(runtime).update(manifest)
  for (const name of (await readdir(INSIDE_DIR, { recursive: true })).sort()) {
    if (!name.endsWith('.ts') || name.endsWith('.test.ts')) continue
    hash.update(name).update(await readFile(join(INSIDE_DIR, name)))
  }
  const { dependencies = {} } = JSON.parse(manifest) as { dependencies?: Record<string, string> }
  for (const name of Object.keys(dependencies)) hash.update(name).update(await versionOf(name))
  return hash.digest('hex').slice(0, 16)
}

async function versionOf(dependency: string): Promise<string> {
  for (const base of resolveFrom.resolve.paths(dependency) ?? []) {
    const file = join(base, dependency, 'package.json')
    if (!existsSync(file)) continue
    return (JSON.parse(await readFile(file, 'utf8')) as { version: string }).version
  }
  return ''
}

/** Writes a file so that a reader sees it complete or not at all. */
export async function writeWhole(file: string, text: string): Promise<void> {
  const draft = `${file}.${process.pid}`
  await writeFile(draft, text)
  await rename(draft, file)
}
