// Plain JavaScript for Node 20: this runs before anything is installed.
import { spawn } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import process from 'node:process'
import { readLock } from './installed.mjs'

/** npm's own program: what runs this script, or else the npm on the path. */
function npmProgram() {
  const running = process.env.npm_execpath
  if (running?.endsWith('npm-cli.js')) return running
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const npm = join(folder, 'npm')
    if (existsSync(npm)) return realpathSync(npm)
  }
  throw new Error('npm is not on the path: install Node 20 or newer together with npm')
}

function npm(node, cwd, args) {
  const env = { ...process.env, PATH: dirname(node) + delimiter + process.env.PATH }
  // A surrounding `npm run` would hand its own folder and settings down as if they were typed here.
  for (const name of Object.keys(env)) {
    if (
      /^npm_(config_(local_prefix|prefix|workspaces?|omit|only)|package_|lifecycle_)/i.test(name)
    ) {
      delete env[name]
    }
  }
  const started = performance.now()
  const waiting = setInterval(() => {
    const seconds = Math.round((performance.now() - started) / 1000)
    process.stderr.write(`  … still working, ${seconds} s\n`)
  }, 10_000)
  return new Promise((resolve, reject) => {
    const child = spawn(node, [npmProgram(), ...args], { cwd, env, stdio: ['ignore', 2, 2] })
    child.once('error', reject)
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`npm ${args[0]} failed (see its lines above)`)),
    )
  }).finally(() => clearInterval(waiting))
}

/**
 * The pinned Node in a folder of its own, from which it survives the renewal of `node_modules`.
 * `undefined` where none is published: there the running Node does.
 */
async function pinnedNode(root, platform, folder) {
  const name = `node-${platform.os}-${platform.cpu}`
  const pinned = readLock(root)[`node_modules/${name}`]
  if (!pinned) return undefined
  const present = join(root, 'node_modules', name)
  const target = join(folder, 'node')
  if (
    existsSync(join(present, 'bin', 'node')) &&
    JSON.parse(readFileSync(join(present, 'package.json'), 'utf8')).version === pinned.version
  ) {
    try {
      linkSync(join(present, 'bin', 'node'), target)
    } catch {
      copyFileSync(join(present, 'bin', 'node'), target)
    }
    return target
  }
  process.stderr.write(`Parley: fetching Node ${pinned.version}\n`)
  const manifest = { private: true, dependencies: { [name]: pinned.version } }
  const lock = { lockfileVersion: 3, packages: { '': manifest, [`node_modules/${name}`]: pinned } }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock))
  await npm(process.execPath, folder, [
    'ci',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--include=optional',
  ])
  return join(folder, 'node_modules', name, 'bin', 'node')
}

/**
 * Installs what the lockfile says, by the pinned Node: under an older one npm silently leaves out the
 * platform packages whose `engines` exclude it.
 */
export async function install(root, platform, folder) {
  mkdirSync(folder, { recursive: true })
  try {
    const node = (await pinnedNode(root, platform, folder)) ?? process.execPath
    process.stderr.write('Parley: installing packages (a minute or two the first time)\n')
    await npm(node, root, [
      'ci',
      '--loglevel=error',
      '--ignore-scripts',
      '--include=dev',
      '--include=optional',
      '--no-audit',
      '--no-fund',
    ])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
