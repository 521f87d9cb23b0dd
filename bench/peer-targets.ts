import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../apps/server/testing/free-port.ts'
import { newDataDir } from '../e2e/live/parley.ts'
import { removeFolder } from '../e2e/live/remove-folder.ts'
import { sample, startEcho, type Target } from './invoke-targets.ts'
import { peerFile } from './peers/resolve.ts'

const peers = join(import.meta.dirname, 'peers')

/** V8 with functions as isolates in one process of C++, without authentication, limits or records. */
export async function startWorkerd(): Promise<Target & AsyncDisposable> {
  const port = await freePort()
  const cpu = process.arch === 'x64' ? '64' : process.arch
  return startEcho(port, {
    name: 'workerd',
    program: peerFile(`@cloudflare/workerd-${process.platform}-${cpu}/bin/workerd`),
    args: ['serve', 'config.capnp', '--socket-addr', `http=127.0.0.1:${port}`],
    cwd: join(peers, 'workerd'),
  })
}

/** What keeps version 3 of `serverless` off the network: https://www.serverless.com/framework/docs-telemetry */
const OFFLINE = {
  SLS_TELEMETRY_DISABLED: '1',
  SLS_NOTIFICATIONS_MODE: 'off',
  SLS_DISABLE_AUTO_UPDATE: '1',
  SLS_GEO_LOCATION: 'no-cn',
}

async function startLambdas(): Promise<Target & AsyncDisposable> {
  await using opened = new AsyncDisposableStack()
  // It keeps settings and compiled schemas in the home of its user.
  const home = newDataDir()
  opened.defer(() => removeFolder(home))
  const log = join(home, 'lines.log')
  const stderr = openSync(log, 'w')
  opened.defer(() => closeSync(stderr))
  const [port, lambdaPort] = [await freePort(), await freePort()]
  const options = {
    host: '127.0.0.1',
    httpPort: port,
    lambdaPort,
    // Longer than a bench: instances of one round are those of the next.
    terminateIdleLambdaTime: 3600,
  }
  try {
    const target = opened.use(
      await startEcho(port, {
        name: 'serverless-offline',
        program: process.execPath,
        args: [
          peerFile('serverless/bin/serverless.js'),
          'offline',
          ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]),
        ],
        cwd: join(peers, 'serverless-offline'),
        env: { ...OFFLINE, HOME: home },
        stderr,
      }),
    )
    const resources = opened.move()
    return { ...target, [Symbol.asyncDispose]: () => resources.disposeAsync() }
  } catch (cause) {
    throw new Error(`serverless-offline said:\n${readFileSync(log, 'utf8')}`, { cause })
  }
}

/**
 * AWS Lambda and its HTTP gateway on one machine, as it starts by default: each call in flight has a worker thread, and writes a line.
 * It leaves the message ports of each call open, and after 50,000 calls it answered half as many per second: each sample has a new one.
 */
export async function startServerlessOffline(): Promise<Target & AsyncDisposable> {
  let running = await startLambdas()
  const target = {
    ...running,
    async renew() {
      await running[Symbol.asyncDispose]()
      running = await startLambdas()
      const { pid, url } = running
      Object.assign(target, { pid, url })
      await sample(target, 32, 1)
    },
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  }
  return target
}
