import { join } from 'node:path'
import { type Logger, type Monotonic, openLogger, randomIds, systemMonotonic } from '#base/kernel'
import { type EmbeddedPostgres, startEmbedded } from '#base/postgres'
import { type PreparedSandbox, prepareSandbox, type SandboxInspector } from '#faas/sandbox'
import type { Config } from '#config'
import { tryMachine } from './try-machine.ts'

/** What a start has begun before the rest of the server is loaded, and what runs meanwhile. */
export interface FirstSteps extends AsyncDisposable {
  logger: Logger
  /** The PostgreSQL that comes with Parley, where it is used. */
  postgres?: Promise<EmbeddedPostgres>
  /** Whoever opens the sandbox with it ends it. */
  sandbox: Promise<PreparedSandbox>
}

export interface GivenSteps {
  logger?: Logger
  monotonic?: Monotonic
  /** Where the sandbox keeps its files between starts. By default the data directory. */
  cacheDir?: string
  inspector?: SandboxInspector
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
  await tryMachine(config)
  await using opened = new AsyncDisposableStack()
  const logger = given.logger ?? opened.use(openLogger(config.logLevel))
  const { monotonic = systemMonotonic(), cacheDir = config.dataDir, inspector } = given
  const deps = { logger, monotonic, ids: randomIds() }
  const begun = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const
  const sandbox = prepareSandbox(deps, {
    cacheDir: join(cacheDir, 'sandbox'),
    egressPrivate: config.egressPrivate,
    nameServers: config.nameServers,
    asRoot: config.functionsAsRoot,
    limits: { lateMs: 2 * config.overloadMs },
    inspector,
    onWait: begun[0].resolve,
  })
  const postgres =
    config.db.kind === 'embedded'
      ? startEmbedded(deps, config.db.dir, { onWait: begun[1].resolve })
      : undefined
  if (!postgres) begun[1].resolve()
  // Whoever waits for them hears of their failures, which may come before anybody does.
  const madeSandbox = sandbox.catch(() => undefined)
  // As above.
  const madePostgres = postgres?.catch(() => undefined)
  opened.defer(async () => (await madeSandbox)?.[Symbol.dispose]())
  opened.defer(async () => (await madePostgres)?.[Symbol.asyncDispose]())
  const all = Promise.all(begun.map(({ promise }) => promise))
  await Promise.race([all, systemMonotonic().sleep(BEGIN_MS)])
  const resources = opened.move()
  return {
    logger,
    sandbox,
    ...(postgres && { postgres }),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}
