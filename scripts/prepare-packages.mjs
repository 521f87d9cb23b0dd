// Plain JavaScript for Node 20: this runs before anything is installed.
import {
  accessSync,
  constants,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { install } from './install.mjs'
import { matchesLock, missingPlatformPackages } from './installed.mjs'
import { currentPlatform, unsupported } from './platform.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const folder = join(root, '.prepare')

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** Whoever made the folder writes its process id at once; a kill may come first. */
function isAbandoned() {
  try {
    return !isAlive(Number(readFileSync(join(folder, 'pid'), 'utf8')))
  } catch {
    const { mtimeMs } = statSync(folder, { throwIfNoEntry: false }) ?? {}
    return mtimeMs !== undefined && Date.now() - mtimeMs > 10_000
  }
}

/** Two commands may be started at once in a fresh clone: the second one waits for the first one's install. */
async function takeFolder() {
  for (let told = false; ; told = true) {
    try {
      mkdirSync(folder)
      writeFileSync(join(folder, 'pid'), String(process.pid))
      return
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    if (isAbandoned()) rmSync(folder, { recursive: true, force: true })
    else {
      if (!told) process.stderr.write('Parley: waiting for another install in this folder\n')
      await sleep(500)
    }
  }
}

function checkWritable() {
  try {
    accessSync(root, constants.W_OK)
  } catch {
    throw new Error(`Cannot install packages: ${root} is not writable for this user`)
  }
}

/**
 * Installs what is missing or of another version.
 * @param {{ withTools: boolean }} needs `npm start` and the commands of users need no tools of developers
 */
export async function prepare({ withTools }) {
  const platform = currentPlatform()
  const reason = unsupported(platform, process.versions.node)
  if (reason) throw new Error(reason)
  if (matchesLock(root, platform, { withTools })) return
  checkWritable()
  await takeFolder()
  try {
    if (!matchesLock(root, platform, { withTools }))
      await install(root, platform, folder, { withTools })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  const missing = missingPlatformPackages(root, platform, { withTools })
  if (missing.length > 0) {
    throw new Error(
      `npm left out packages of ${platform.os}-${platform.cpu} without saying so: ${missing.join(', ')}. ` +
        'Check that the registry offers them, then run the same command again',
    )
  }
}
