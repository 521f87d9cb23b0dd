import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { PATIENCE_MS } from './patience.ts'
import type { TestServer } from './start-test-server.ts'

const START = join(import.meta.dirname, '..', 'src', 'start.mjs')

/** A node in a process of its own beside those of a test server, on the same database. */
export interface DoomedNode extends AsyncDisposable {
  /** Its address while it runs. */
  url(): string | undefined
  /** Ends the process with SIGKILL: it notifies no client and cleans nothing up. */
  kill(): Promise<void>
  /** Ends the process as SIGTERM does: it takes leave. */
  stop(): Promise<void>
  start(): Promise<void>
}

export async function startDoomedNode(
  { context, dataDir }: TestServer,
  env: Record<string, string> = {},
): Promise<DoomedNode> {
  const { db } = context.config
  if (db.kind !== 'given') throw new Error('The database is no server of its own')
  const settings = [
    `DATABASE_URL=${db.url}`,
    `PARLEY_DATA=${dataDir}`,
    'PARLEY_PORT=0',
    'PARLEY_TLS_PORT=0',
    'PARLEY_LOG_LEVEL=fatal',
    ...Object.entries(env).map(([name, value]) => `${name}=${value}`),
  ]
  let node: { url: string; end: (signal: NodeJS.Signals) => Promise<void> } | undefined

  async function start(): Promise<void> {
    const child = spawn('env', [...settings, process.execPath, START], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const exited = once(child, 'exit')
    const end = async (signal: NodeJS.Signals) => {
      child.kill(signal)
      await exited
    }
    const printed: string[] = []
    const url = await new Promise<string>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(printed.join(''))), PATIENCE_MS)
      const look = (data: Buffer) => {
        printed.push(data.toString())
        const found = /http:\/\/(?:127\.0\.0\.1|localhost):\d+/.exec(printed.join(''))?.[0]
        if (found === undefined) return
        clearTimeout(late)
        resolve(found.replace('localhost', '127.0.0.1'))
      }
      child.stdout.on('data', look)
      child.stderr.on('data', (data: Buffer) => printed.push(data.toString()))
      exited.then(() => reject(new Error(`The node ended: ${printed.join('')}`)), reject)
    }).catch(async (error: unknown) => {
      await end('SIGKILL')
      throw error
    })
    node = { url, end }
  }

  /** First of all `url` answers nothing, so that no client chooses the node any more. */
  async function end(signal: NodeJS.Signals): Promise<void> {
    const victim = node
    node = undefined
    await victim?.end(signal)
  }
  const kill = () => end('SIGKILL')

  await start()
  return {
    url: () => node?.url,
    kill,
    stop: () => end('SIGTERM'),
    start,
    [Symbol.asyncDispose]: kill,
  }
}
