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
import { countInstalled, readLock } from './installed.mjs'
import { registryProblem } from './registry.mjs'

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

/** Shows how far an install is: in place at a terminal, else as a line every ten seconds. */
function showProgress(describe) {
  const { stderr } = process
  const started = performance.now()
  const line = () => `  ${describe()}, ${Math.round((performance.now() - started) / 1000)} s`
  const timer = stderr.isTTY
    ? setInterval(() => stderr.write(`\r${line()} `), 500)
    : setInterval(() => stderr.write(`${line()}\n`), 10_000)
  let isOver = false
  return () => {
    if (isOver) return
    isOver = true
    clearInterval(timer)
    if (stderr.isTTY) stderr.write(`\r${line()} \n`)
  }
}

function npm(node, cwd, args, describe) {
  const env = { ...process.env, PATH: dirname(node) + delimiter + process.env.PATH }
  // A surrounding `npm run` would hand its own folder and settings down as if they were typed here.
  for (const name of Object.keys(env)) {
    if (
      /^npm_(config_(local_prefix|prefix|workspaces?|omit|only|offline)|package_|lifecycle_)/i.test(
        name,
      )
    ) {
      delete env[name]
    }
  }
  const endProgress = showProgress(describe)
  return new Promise((resolve, reject) => {
    const child = spawn(node, [npmProgram(), ...args], {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    // Shown only when it fails: in between it would tear the line of the progress.
    const said = []
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => said.push(part))
    child.once('error', reject)
    child.once('close', (code) => {
      endProgress()
      if (code === 0) return resolve()
      // Without network only the sentence about it helps.
      if (!args.includes('--offline')) process.stderr.write(Buffer.concat(said))
      reject(new Error(`npm ${args[0]} failed (see its lines above)`))
    })
  }).finally(endProgress)
}

/**
 * The pinned Node in a folder of its own, from which it survives the renewal of `node_modules`.
 * `undefined` where none is published: there the running Node does.
 */
async function pinnedNode(root, platform, folder, more) {
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
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--include=optional', ...more]
  await npm(process.execPath, folder, args, () => 'fetching Node')
  return join(folder, 'node_modules', name, 'bin', 'node')
}

/**
 * Installs what the lockfile says, by the pinned Node: under an older one npm silently leaves out the
 * platform packages whose `engines` exclude it.
 */
export async function install(root, platform, folder, { withTools }) {
  mkdirSync(folder, { recursive: true })
  const problem = await registryProblem([process.execPath, npmProgram()], root)
  // What an earlier install has left in npm's cache may be enough.
  const more = problem ? ['--offline'] : []
  try {
    await fetchAll(root, platform, folder, { withTools, more })
  } catch (cause) {
    throw problem ? new Error(withoutNetwork(problem), { cause }) : cause
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function withoutNetwork(problem) {
  return `there is no way to the packages: ${problem}, and npm's cache does not hold them.
  The first start fetches them once; after that Parley needs no network.
  Go on: connect this machine, or tell npm the way ("npm config set proxy http://host:port", "npm config set registry …"),
  then run the same command again. Or copy the folder node_modules from a machine of the same kind that has run it.`
}

async function fetchAll(root, platform, folder, { withTools, more }) {
  const node = (await pinnedNode(root, platform, folder, more)) ?? process.execPath
  const { total } = countInstalled(root, platform, { withTools })
  const what = withTools ? 'what running and testing need' : 'what running needs'
  process.stderr.write(
    `Parley: installing ${what}: ${total} packages (a minute or two the first time)\n`,
  )
  const args = [
    'ci',
    '--loglevel=error',
    '--ignore-scripts',
    '--include=optional',
    '--no-audit',
    '--no-fund',
  ]
  args.push(withTools ? '--include=dev' : '--omit=dev', ...more)
  await npm(node, root, args, () => {
    const { done } = countInstalled(root, platform, { withTools })
    return `${done} of ${total} packages (${Math.floor((100 * done) / total)} %)`
  })
}
