import { join } from 'node:path'
import {
  type Logger,
  type Monotonic,
  openLogger,
  randomIds,
  systemMonotonic,
  unlessAborted,
} from '#base/kernel'
import { type EmbeddedPostgres, startEmbedded } from '#base/postgres'
import { type PreparedSandbox, prepareSandbox, type SandboxInspector } from '#faas/sandbox'
import type { Config } from '#config'
import { tryMachine } from './try-machine.ts'

/** What a start begins before the rest of the server is loaded. When it is disposed all of it ends. */
export interface FirstSteps extends AsyncDisposable {
  logger: Logger
  /** The PostgreSQL that comes with Parley, where it is used. */
  postgres?: Promise<EmbeddedPostgres>
  sandbox: Promise<PreparedSandbox>
}

export interface GivenSteps {
  logger?: Logger
  monotonic?: Monotonic
  /** Where the sandbox keeps its files between starts. By default the data directory. */
  cacheDir?: string
  /** How many instances are kept ready for functions. */
  warmPool?: number
  inspector?: SandboxInspector
  /** Ends the steps when it is aborted. */
  stopping?: AbortSignal
}

/**
 * Loading the server blocks this process. What does not hand its work to other processes within so many milliseconds goes on after that.
 */
const BEGIN_MS = 150

/**
 * Tries ports and folders, then starts PostgreSQL and the first function's process. Resolves when both have only to be waited for.
 * @throws an `Error` with one clear line for each thing that the settings ask of the machine and that is not possible
 */
export async function takeFirstSteps(config: Config, given: GivenSteps = {}): Promise<FirstSteps> {
  await tryMachine(config, given.stopping)
  await using opened = new AsyncDisposableStack()
  const logger = given.logger ?? opened.use(openLogger(config.logLevel))
  const {
    monotonic = systemMonotonic(),
    cacheDir = config.dataDir,
    inspector,
    warmPool,
    stopping,
  } = given
  const deps = { logger, monotonic, ids: randomIds() }
  const sandboxWaits = Promise.withResolvers<void>()
  const postgresWaits = Promise.withResolvers<void>()
  const preparing = prepareSandbox(deps, {
    cacheDir: join(cacheDir, 'sandbox'),
    egressPrivate: config.egressPrivate,
    nameServers: config.nameServers,
    asRoot: config.functionsAsRoot,
    limits: { lateMs: 2 * config.overloadMs, ...(warmPool !== undefined && { warmPool }) },
    inspector,
    onWait: sandboxWaits.resolve,
  })
  const sandbox = unlessAborted(stopping, preparing)
  const postgres =
    config.db.kind === 'embedded'
      ? startEmbedded(deps, config.db.dir, { onWait: postgresWaits.resolve, stopping })
      : undefined
  if (!postgres) postgresWaits.resolve()
  const madeSandbox = ifMade(sandbox)
  const madePostgres = ifMade(postgres)
  opened.defer(async () => (await madeSandbox)?.[Symbol.dispose]())
  opened.defer(async () => (await madePostgres)?.[Symbol.asyncDispose]())
  const bothWait = Promise.all([sandboxWaits.promise, postgresWaits.promise])
  await Promise.race([bothWait, systemMonotonic().sleep(BEGIN_MS)])
  const resources = opened.move()
  return {
    logger,
    sandbox,
    ...(postgres && { postgres }),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}

async function ifMade<Made>(making: Promise<Made> | undefined): Promise<Made | undefined> {
  try {
    return await making
  } catch {
    // Whoever waits for it hears of its failure, which may come before anybody does.
    return undefined
  }
}
