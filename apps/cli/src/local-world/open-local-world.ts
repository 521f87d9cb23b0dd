import { chmodSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { call, login, RequestError, type Session } from '@parley/client'
import { listFunctions } from '@parley/contract'
import { type FirstRun, readFirstRun } from '../connection.ts'
import { deployFolder, type Deployed } from './deploy-folder.ts'
import { openDeployedFolders } from './deployed-folders.ts'
import { ensureSettings } from './ensure-settings.ts'
import { openFolderNames } from './folder-names.ts'
import { functionsFolder, listFolders } from './list-folders.ts'
import { removeFormer } from './remove-former.ts'
import { startWorld } from './start-world.ts'
import type { CaughtMail } from './world-messages.ts'
import { announceWorld, makeDataFolder, refuseSecondWorld } from './running-world.ts'

export interface LocalWorldOptions {
  /** A project folder: `functions/<name>/{index.js,config.json}`, `functions/settings.json`. Without it, a world without functions. */
  folder?: string
  /** Where the world keeps its data: a folder, or `temporary` for one that is removed with it. Default: `.parley` in `folder`. */
  data?: string
  /** Domain time: `virtual` stands still until it is moved. */
  clock?: 'virtual' | 'system'
  /** Hears of every mail that the world sends. */
  onMail?(mail: CaughtMail): void
  /** Hears when the world has ended although nobody has closed it. */
  onEnd?(reason: string): void
}

/** A whole Parley of its own for a project folder, on free ports of the loopback. */
export interface LocalWorld extends AsyncDisposable {
  /** Scheme, host and port. */
  readonly url: string
  readonly tlsPort: number
  readonly accountId: string
  readonly folder: string | undefined
  readonly dataDir: string
  /** The administrator, the agents, the skills and the OAuth2 application of the account. */
  readonly firstRun: FirstRun
  /** A session of the administrator, renewed when it has run out. */
  session(): Promise<Session>
  /** The functions of the folder, by the names of their folders. */
  functions(): string[]
  /**
   * Saves a function as it is on disk, with its environment, event, skills and schedules, and deploys it.
   * @throws an `Error` that names file, line and column of a source that cannot be used; the former version goes on serving
   */
  deploy(name: string): Promise<Deployed>
  /**
   * Removes what was deployed of folders that are gone by now, also before this start, and what folders were before they got
   * another name. Resolves with the names of those functions.
   */
  removeFormer(): Promise<string[]>
  /**
   * Deploys a function so that debuggers of Node and Chromium attach at this port of the loopback: it runs in an instance of its
   * own, and its time limit stands still at a breakpoint. Only for JavaScript.
   */
  inspect(name: string, port: number): Promise<Deployed>
  /** Resolves when `onMail` has been called for all that was sent until now. @throws an `Error` that says so when the world has ended */
  mailsArrived(): Promise<void>
  /** The secrets and allowed domains of `settings.json`. */
  applySettings(): Promise<void>
  /** Stops the server and its database, and removes temporary data. */
  close(): Promise<void>
}

/**
 * Starts a Parley as a process of its own and logs in. Nothing of the project is deployed yet: see `deploy` and `applySettings`.
 * @throws an `Error` that says what a project looks like, or why it cannot start, such as another world in the same data folder
 */
export async function openLocalWorld(options: LocalWorldOptions = {}): Promise<LocalWorld> {
  const folder = options.folder === undefined ? undefined : resolve(options.folder)
  // Refused before anything is made.
  if (folder !== undefined) listFolders(folder)
  const { dataDir, isTemporary } = dataOf(options.data, folder)
  // The server would wait for its lock, as who was killed holds it a little longer.
  refuseSecondWorld(dataDir)
  await using opened = new AsyncDisposableStack()
  const world = opened.use(
    await startWorld({ dataDir, isTemporary, clock: options.clock ?? 'virtual' }, options),
  )
  const firstRun = readFirstRun(join(dataDir, 'first-run.json'))
  const { accountId, admin } = firstRun
  const endpoint = { url: `http://127.0.0.1:${world.port}`, accountId }
  opened.use(announceWorld(dataDir, endpoint))
  let current = await login(endpoint, admin)
  async function session(): Promise<Session> {
    try {
      await call(current, listFunctions, { query: { name: '-' } })
    } catch (error) {
      if (!(error instanceof RequestError) || error.status !== 401) throw error
      current = await login(endpoint, admin)
    }
    return current
  }
  const project = folder === undefined ? undefined : openProject(dataDir, folder)
  async function deploy(name: string): Promise<Deployed> {
    if (!project) throw new Error(`There is no project with a function "${name}"`)
    const done = await deployFolder(await session(), project, name)
    project.deployed.note(name, done.functionId)
    return done
  }
  const resources = opened.move()
  const close = () => resources.disposeAsync()
  return {
    ...endpoint,
    tlsPort: world.tlsPort,
    folder,
    dataDir,
    firstRun,
    session,
    functions: () => (folder === undefined ? [] : listFolders(folder)),
    deploy,
    removeFormer: async () => (project ? removeFormer(await session(), project) : []),
    async inspect(name, port) {
      const { functionId } = await deploy(name)
      const file = join(functionsFolder(folder ?? ''), name, 'index.js')
      await world.inspect({ functionId, sourceUrl: pathToFileURL(file).href, port })
      return deploy(name)
    },
    mailsArrived: world.mailsArrived,
    applySettings: async () => ensureSettings(await session(), folder),
    close,
    [Symbol.asyncDispose]: close,
  }
}

function openProject(dataDir: string, folder: string) {
  return {
    folder,
    names: openFolderNames(folder),
    deployed: openDeployedFolders(dataDir, folder),
  }
}

/** Where the data are. */
function dataOf(given: string | undefined, folder: string | undefined) {
  if (given === 'temporary' || (given === undefined && folder === undefined)) {
    const dataDir = mkdtempSync(join(tmpdir(), 'parley-world-'))
    // The database runs as a user of its own where this one is root.
    chmodSync(dataDir, 0o711)
    return { dataDir, isTemporary: true }
  }
  const dataDir = given === undefined ? join(folder ?? '', '.parley') : resolve(given)
  makeDataFolder(dataDir)
  return { dataDir, isTemporary: false }
}
