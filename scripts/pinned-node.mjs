// Plain JavaScript for Node 20: launchers use it to reach the Node that the rest is written for.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'
import module from 'node:module'
import process from 'node:process'

const OLDEST = [24, 7]

function isNewEnough() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])
}

/** Says in the environment of the child that its channel is that of its stand-in. */
const STOOD_IN = 'PARLEY_STOOD_IN'

/** Stands in for the child: Ctrl-C reaches both by the terminal, everything else is handed on. */
function runInstead(node, script) {
  const child = spawn(node, [script, ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, [STOOD_IN]: '1' },
  })
  process.on('SIGINT', () => {})
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.once('close', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]))
}

/** Whoever has killed the stand-in wants no server, or world of a project, that stays for ever. */
function endWithStandIn() {
  if (process.env[STOOD_IN] === undefined) return
  delete process.env[STOOD_IN]
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  if (!process.connected) process.kill(process.pid, 'SIGTERM')
  // It keeps nothing alive.
  process.channel?.unref()
}

/** Runs `entry` (a file URL) here, or runs `launcher` again under the pinned Node when this one is too old. */
export async function runWithPinnedNode(launcher, entry) {
  const folder = fileURLToPath(new URL('../node_modules/', import.meta.url))
  if (isNewEnough()) {
    endWithStandIn()
    module.enableCompileCache(`${folder}.cache/compile`)
    await import(entry)
    return
  }
  const pinned = `${folder}node-${process.platform}-${process.arch}/bin/node`
  if (!existsSync(pinned)) {
    const needed = OLDEST.join('.')
    process.stderr.write(
      `Parley: needs Node ${needed} or newer, this is ${process.versions.node}; "npm start" fetches one\n`,
    )
    process.exitCode = 1
    return
  }
  runInstead(pinned, fileURLToPath(launcher))
}
