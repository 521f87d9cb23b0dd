import { argon2Sync } from 'node:crypto'
import { chmodSync, cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Agent } from 'undici'
import { inject } from 'vitest'
import { readConfig } from '#config'
import { type Context, openContext } from '#server/context'
import { deploySampleFunction } from '#server/sample-function'
import type { Hashing } from '#identity/passwords'
import { openLogger, systemClock, virtualClock, type VirtualClock } from '#base/kernel'
import { cloneDatabase } from '#base/postgres'
import { type Credentials, newAccount } from './credentials.ts'
import { keptKeyPair } from './kept-key-pair.ts'
import { leapingMonotonic } from './leaping-monotonic.ts'
import { CACHE, START_AT, TLS_FOLDERS } from './prepare-certificates.ts'
import { ONE_ADDRESS } from './one-address.ts'
import { type Reply, sendRequest, type SentRequest } from './send-request.ts'

/**
 * The least that Argon2id takes, and in this thread: many tests log in, and the real cost is a third of some; a thread of its own is a
 * tenth of a start.
 */
const CHEAP: Hashing = {
  cost: { memory: 8, passes: 1, parallelism: 1, tagLength: 32 },
  thread: {
    derive: async ({ password, nonce, cost }) =>
      argon2Sync('argon2id', { message: password, nonce, ...cost }),
    async [Symbol.asyncDispose]() {},
  },
}

export interface TestServerOptions {
  /** `virtual` stands still until it is advanced. */
  clock?: 'virtual' | 'system'
  /** Of credentials. By default they live by the same clock as all else, so that advancing it ends them. */
  wallClock?: 'same' | 'system'
  /** Complete nodes in this process, on one database and one clock. */
  nodes?: number
  /** A database to go on with, instead of a fresh one. */
  databaseUrl?: string
  /** Whether the account has the deployed function `greeting`, as in a new installation. */
  hasSampleFunction?: boolean
  /** `real` takes as long as in production; by default the least that there is. */
  passwords?: 'cheap' | 'real'
  /** Where it keeps what it builds; that of all tests unless given. */
  cacheDir?: string
  /** Settings as in the environment. */
  env?: Record<string, string>
}

export interface TestServer extends AsyncDisposable, Credentials {
  /** Of the first node. */
  readonly url: string
  readonly port: number
  readonly urls: readonly string[]
  readonly dataDir: string
  /** Only with the virtual clock, which is the default. */
  readonly clock: VirtualClock
  /** Moves the machinery's time ahead: idle sockets are those that were silent in it. */
  leap(ms: number): void
  /** Rings timers of exactly this length, 10 s or more: what has so much time has used it up. Answers how many. */
  ring(ms: number): number
  readonly contexts: readonly Context[]
  readonly context: Context
  /** One more account with the same users and skills: each test of a file has its own account. */
  anotherAccount(): Promise<Credentials>
  /** By the first node; what it changes is known to the others, too, when this resolves. */
  request(method: string, path: string, options?: SentRequest): Promise<Reply>
}

/** A whole server. Everything is real but the clock and what leaves the machine. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  await using opened = new AsyncDisposableStack()
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-server-'))
  chmodSync(dataDir, 0o711)
  opened.defer(() => rmSync(dataDir, { recursive: true, force: true }))
  const databaseUrl =
    options.databaseUrl ?? opened.use(await cloneDatabase(inject('templateUrl'))).url
  const logger = opened.use(openLogger(options.env?.PARLEY_LOG_LEVEL ?? 'fatal'))
  const virtual = options.clock === 'system' ? undefined : virtualClock(START_AT)
  const clock = virtual ?? systemClock()
  const wallClock = options.wallClock === 'system' ? systemClock() : clock
  const monotonic = leapingMonotonic()
  const config = readConfig({
    PARLEY_PORT: '0',
    PARLEY_TLS_PORT: '0',
    PARLEY_DATA: dataDir,
    DATABASE_URL: databaseUrl,
    ...ONE_ADDRESS,
    ...options.env,
  })

  if (wallClock === virtual) cpSync(TLS_FOLDERS.virtual, join(dataDir, 'tls'), { recursive: true })
  const contexts: Context[] = []
  for (let node = 0; node < (options.nodes ?? 1); node++) {
    const overrides = {
      clock,
      wallClock,
      monotonic,
      logger,
      drainMs: 1_000,
      // Each is a fifth of what a start costs, and most tests call one function or none.
      warmPool: 1,
      makeKeyPair: keptKeyPair,
      ...(options.passwords !== 'real' && { hashing: CHEAP }),
      cacheDir: options.cacheDir ?? CACHE,
      // A clock that is moved renews them.
      tlsDir: wallClock === virtual ? join(dataDir, 'tls') : TLS_FOLDERS.real,
    }
    contexts.push(opened.use(await openContext(config, overrides)))
  }
  const [context] = contexts
  if (!context?.firstRun) throw new Error('The first node made no account')
  const { firstRun, functions } = context
  if (options.hasSampleFunction) await deploySampleFunction(functions, firstRun.accountId)
  const agent = new Agent({ connections: 32 })
  opened.defer(() => agent.destroy())
  const urls = contexts.map(({ ports }) => `http://127.0.0.1:${ports.http}`)
  const url = `http://127.0.0.1:${context.ports.http}`
  const resources = opened.move()
  return {
    ...(await newAccount(context, firstRun)),
    url,
    urls,
    port: context.ports.http,
    dataDir,
    get clock() {
      if (!virtual) throw new Error('This server runs on the system clock')
      return virtual
    },
    leap: monotonic.leap,
    ring: monotonic.ring,
    contexts,
    context,
    anotherAccount: () => newAccount(context),
    async request(method, path, sent) {
      const reply = await sendRequest(agent, url, method, path, sent)
      if (method !== 'GET') await notifiedEverywhere(contexts)
      return reply
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}

/** Nodes get the notifications of one node in order: a node that has got this one has got all before it. */
async function notifiedEverywhere([first, ...others]: readonly Context[]): Promise<void> {
  if (!first || others.length === 0) return
  const marker = crypto.randomUUID()
  const notified = others.map(
    ({ store }) =>
      new Promise<void>((resolve) => {
        const subscription = store.onNotify('test', (payload) => {
          if (payload !== marker) return
          subscription[Symbol.dispose]()
          resolve()
        })
      }),
  )
  first.store.notify('test', marker)
  await Promise.all(notified)
}
