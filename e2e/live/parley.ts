import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Endpoint } from '@parley/client'
import * as z from 'zod'
import { ONE_ADDRESS } from '../../apps/server/testing/one-address.ts'
import { endWithUs } from './end-with-us.ts'
import { eventually } from './eventually.ts'
import { freePort } from '../../apps/server/testing/free-port.ts'
import { isAlive, processTree } from './process-tree.ts'
import { removeFolder } from './remove-folder.ts'
import { serverFolder } from './server-folder.ts'

const Login = z.object({ user: z.string(), password: z.string() })
export const FirstRun = z.looseObject({
  accountId: z.string(),
  admin: Login,
  agents: z.array(Login),
  client: z.object({ id: z.string(), secret: z.string() }),
  skillIds: z.array(z.string()),
  apiKey: z.object({
    appKey: z.string(),
    secret: z.string(),
    accessToken: z.string(),
    accessTokenSecret: z.string(),
  }),
})
export type FirstRun = z.infer<typeof FirstRun>

/** A Parley in processes of its own, as `npm start` runs it. */
export interface LiveParley extends AsyncDisposable {
  readonly endpoint: Endpoint
  readonly tlsPort: number
  readonly dataDir: string
  readonly pid: number
  /** From starting the process to its first answer. */
  readonly readyMs: number
  readonly firstRun: FirstRun
  /** Everything that it has printed. */
  output(): string
  /** Ctrl-C in its terminal. Resolves to the exit code. */
  stop(): Promise<number>
  /** kill -9 of this process alone, or of everything that it has started too. */
  kill(scope: 'server' | 'everything'): Promise<void>
}

/** A folder that PostgreSQL can use too: as root it runs as another user. */
export function newDataDir(): string {
  const folder = mkdtempSync(join(tmpdir(), 'parley-live-'))
  chmodSync(folder, 0o755)
  return folder
}

export interface LiveOptions {
  /** An existing data directory to start again with; it is left in place afterwards. */
  dataDir?: string
  env?: Record<string, string>
  /** Keeps the limits of one address as they are shipped. All clients of a run usually have one address. */
  keepsAddressLimits?: boolean
  /** What to run instead of the server alone, such as `['npm', 'start']`. */
  command?: string[]
  cwd?: string
}

async function isReady(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/api/account/12345678/service/baseURI.json?version=1.0`)
  await answer.body?.cancel()
  return answer.ok
}

export async function startParley(options: LiveOptions = {}): Promise<LiveParley> {
  const dataDir = options.dataDir ?? newDataDir()
  const [port, tlsPort] = [await freePort(), await freePort()]
  const url = `http://127.0.0.1:${port}`
  const [program = 'npm', ...args] = options.command ?? [
    process.execPath,
    join(serverFolder, 'apps/server/src/start.mjs'),
  ]
  const startedAt = performance.now()
  const child = spawn(program, args, {
    cwd: options.cwd ?? serverFolder,
    env: {
      ...process.env,
      PARLEY_DATA: dataDir,
      PARLEY_PORT: String(port),
      PARLEY_TLS_PORT: String(tlsPort),
      PARLEY_LOG_LEVEL: 'warn',
      ...(!options.keepsAddressLimits && ONE_ADDRESS),
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that Ctrl-C can be sent as a terminal does: to all of it.
    detached: true,
  })
  const printed: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data: Buffer) => void printed.push(data.toString()))
  }
  const output = () => printed.join('')
  const { pid } = child
  if (pid === undefined) throw new Error(`Cannot start ${program}`)
  const lives = endWithUs(pid)
  const exited = new Promise<number>((resolve) => {
    child.once('close', (code, signal) => {
      lives[Symbol.dispose]()
      resolve(code ?? (signal ? 128 : -1))
    })
  })

  await eventually(
    'The first answer of Parley',
    async () => child.exitCode !== null || (await isReady(url)) || undefined,
    { pauseMs: 5 },
  )
  if (child.exitCode !== null) throw new Error(`Parley ended at its start:\n${output()}`)
  const readyMs = performance.now() - startedAt

  async function stop(): Promise<number> {
    if (child.exitCode === null && child.signalCode === null) process.kill(-(pid ?? 0), 'SIGINT')
    return await exited
  }

  async function kill(scope: 'server' | 'everything'): Promise<void> {
    const victims = scope === 'server' ? [pid ?? 0] : processTree(pid ?? 0)
    for (const victim of victims) if (isAlive(victim)) process.kill(victim, 'SIGKILL')
    await exited
  }

  return {
    endpoint: { url, accountId: options.env?.['PARLEY_ACCOUNT'] ?? '12345678' },
    tlsPort,
    dataDir,
    pid,
    readyMs,
    get firstRun() {
      return FirstRun.parse(JSON.parse(readFileSync(join(dataDir, 'first-run.json'), 'utf8')))
    },
    output,
    stop,
    kill,
    async [Symbol.asyncDispose]() {
      await stop()
      if (!options.dataDir) removeFolder(dataDir)
    },
  }
}
