import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { appToken } from '@parley/client'
import { eventually } from '../e2e/live/eventually.ts'
import { freePort } from '../apps/server/testing/free-port.ts'
import { newDataDir, startParley } from '../e2e/live/parley.ts'
import { cpuSeconds } from '../e2e/live/process-tree.ts'
import { removeFolder } from '../e2e/live/remove-folder.ts'
import { accountOf, type CpuByThread, spentSince } from './cpu-account.ts'
import { adminSession, deploy, ECHO_BODY, ECHO_CODE, invokeUrl } from './deployed-function.ts'
import { applyLoad, type LoadPlan, type LoadResult } from './load/plan.ts'

const START = 'apps/server/src/start.mjs'
const JSON_HEADERS = { 'content-type': 'application/json' }

export type TargetName =
  | 'raw'
  | 'framework'
  | 'workerd'
  | 'serverless-offline'
  | 'parley'
  | 'beside'

/** What answers the same requests, to be measured beside the others. */
export interface Target {
  name: TargetName
  pid: number
  url: string
  headers: Record<string, string>
  /** Starts it again, and warm, before each sample, where what it has answered before makes it slower. */
  renew?(): Promise<void>
}

export interface Product extends Target {
  /** Of its functions, by name. */
  urls: Record<string, string>
}

export interface Sample extends LoadResult {
  cpuMicros: number
  /** Microseconds of a call by process and thread. */
  threads: CpuByThread
}

interface EchoProgram {
  name: TargetName
  program: string
  args: string[]
  cwd?: string
  env?: Record<string, string>
  /** Where its lines go; by default to those of the bench. */
  stderr?: number
}

/** Starts a program that echoes JSON at the root of `port`. */
export async function startEcho(
  port: number,
  { name, program, args, cwd, env, stderr }: EchoProgram,
): Promise<Target & AsyncDisposable> {
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', stderr ?? 'inherit'],
  })
  const closed = new Promise((resolve) => child.once('close', resolve))
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null
  const url = `http://127.0.0.1:${port}/`
  await eventually(`The first answer of ${name}`, async () => {
    if (hasEnded()) return true
    const answer = await fetch(url, { method: 'POST', headers: JSON_HEADERS, body: '{}' })
    return (await answer.text()) === '{}' || undefined
  })
  if (hasEnded()) throw new Error(`${name} ended at its start with ${child.exitCode}`)
  return {
    name,
    pid: child.pid ?? 0,
    url,
    headers: JSON_HEADERS,
    async [Symbol.asyncDispose]() {
      child.kill()
      await closed
    },
  }
}

/** Starts a program that listens on a port of ours, with the Node that runs this bench. */
async function startAnchor(
  name: 'raw' | 'framework',
  args: string[],
): Promise<Target & AsyncDisposable> {
  const port = await freePort()
  const env = { PORT: String(port), HOST: '127.0.0.1' }
  return startEcho(port, { name, program: process.execPath, args, env })
}

const targets = join(import.meta.dirname, 'targets')
const framework = join(
  import.meta.dirname,
  '../node_modules/@google-cloud/functions-framework/build/src/main.js',
)

/** A bare server of Node that parses and serialises the same JSON. */
export function startRaw(): Promise<Target & AsyncDisposable> {
  return startAnchor('raw', [join(targets, 'raw-echo.ts')])
}

/** The function inside the server, without authentication or isolation. */
export function startFramework(): Promise<Target & AsyncDisposable> {
  const args = [framework, '--target=echo', `--source=${join(targets, 'framework')}`]
  return startAnchor('framework', args)
}

/** Starts this product, or the one in another checkout, beside which it is measured. `code` are functions by name. */
export async function startProduct(
  checkout?: string,
  code: Record<string, string> = { echo: ECHO_CODE },
): Promise<Product & AsyncDisposable> {
  const folder = checkout ?? join(import.meta.dirname, '..')
  const dataDir = newDataDir()
  const parley = await startParley({
    dataDir,
    cwd: folder,
    // As it is shipped: a line for every call, in a file.
    env: { PARLEY_LOG_LEVEL: 'info' },
    command: ['sh', '-c', 'exec "$0" "$@" 2>"$PARLEY_DATA/server.log"', process.execPath, START],
  })
  const session = await adminSession(parley)
  const urls: Record<string, string> = {}
  for (const [name, source] of Object.entries(code)) {
    const functionId = await deploy(session, { name: `bench_${name}`, code: source })
    urls[name] = invokeUrl(session, functionId)
  }
  const token = await appToken(parley.endpoint, parley.firstRun.client)
  return {
    name: checkout ? 'beside' : 'parley',
    pid: parley.pid,
    url: Object.values(urls)[0] ?? '',
    urls,
    headers: { ...JSON_HEADERS, authorization: `Bearer ${token}` },
    async [Symbol.asyncDispose]() {
      await parley[Symbol.asyncDispose]()
      removeFolder(dataDir)
    },
  }
}

/** Loads a target for some seconds. */
export async function sample(
  target: Target,
  connections: number,
  seconds: number,
  plan: Pick<LoadPlan, 'body' | 'status'> & Partial<Pick<LoadPlan, 'url'>> = { body: ECHO_BODY },
): Promise<Sample> {
  const before = cpuSeconds(target.pid)
  const account = accountOf(target.pid)
  const { url, headers } = target
  const result = await applyLoad({ url, headers, connections, seconds, ...plan })
  const cpuMicros = ((cpuSeconds(target.pid) - before) * 1e6) / result.requests
  const threads = spentSince(account, accountOf(target.pid), result.requests)
  return { ...result, cpuMicros, threads }
}
