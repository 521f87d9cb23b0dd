import { fileURLToPath } from 'node:url'
import {
  type Clock,
  type Logger,
  type Monotonic,
  openLogger,
  randomIds,
  systemClock,
  systemMonotonic,
} from '#base/kernel'
import { openSandbox } from './open.ts'
import { prepareSandbox, type SandboxConfig } from './prepare.ts'
import type {
  FunctionVersion,
  Sandbox,
  SandboxCall,
  SandboxOutcome,
  SandboxPorts,
} from './types.ts'

/** Kept between runs, so that only the first one builds. */
export const CACHE_DIR = fileURLToPath(
  new URL('../../../../../node_modules/.cache/parley', import.meta.url),
)

export interface TestSandbox extends AsyncDisposable {
  sandbox: Sandbox
  run(code: string, options?: RunOptions): Promise<SandboxOutcome & { value: unknown }>
}

interface RunOptions {
  payload?: unknown
  version?: Partial<FunctionVersion>
  call?: Partial<SandboxCall>
}

/** A sandbox of its own with ports that refuse everything. */
export async function openTestSandbox(
  options: {
    ports?: Partial<SandboxPorts>
    config?: Partial<SandboxConfig>
    clock?: Clock
    monotonic?: Monotonic
    logger?: Logger
  } = {},
): Promise<TestSandbox> {
  const base = {
    logger: options.logger ?? openLogger('silent'),
    clock: options.clock ?? systemClock(),
    monotonic: options.monotonic ?? systemMonotonic(),
    ids: randomIds(),
  }
  const config = { cacheDir: CACHE_DIR, ...options.config }
  const prepared = await prepareSandbox(base, config)
  const ports = { ...closedPorts(), ...options.ports }
  const sandbox = openSandbox({ ...base, prepared, ports })
  return {
    sandbox,
    async run(code, { payload, version, call } = {}) {
      const outcome = await sandbox.invoke(callOf(code, payload, version, call))
      const bytes = outcome.ok ? outcome.result : undefined
      const value: unknown = bytes && JSON.parse(Buffer.from(bytes).toString())
      return { ...outcome, value }
    },
    async [Symbol.asyncDispose]() {
      sandbox[Symbol.dispose]()
      prepared[Symbol.dispose]()
    },
  }
}

export function callOf(
  code: string,
  payload: unknown,
  version: Partial<FunctionVersion> = {},
  call: Partial<SandboxCall> = {},
): SandboxCall {
  const input = { timestamp: 0, headers: [], payload: payload ?? null }
  return {
    version: {
      accountId: 'acme',
      functionId: 'f1',
      deploymentId: `d-${code}`,
      code,
      delivers: 'callback',
      env: {},
      ...version,
    },
    invocationId: 'i1',
    // Of a machine of any speed, unless the limit is what is tried.
    timeLimitMs: 240_000,
    body: Buffer.from(JSON.stringify(input)),
    ...call,
  }
}

function closedPorts(): SandboxPorts {
  const refuse = () => Promise.reject(new Error('Not expected in this test'))
  return {
    allowed: () => false,
    internal: () => undefined,
    readSecret: refuse,
    updateSecret: refuse,
    platformCall: refuse,
    refused: () => undefined,
  }
}
