import { openLogger, randomIds, systemMonotonic } from '../../apps/server/src/base/kernel/index.ts'
import { startEmbedded } from '../../apps/server/src/base/postgres/index.ts'
import { eventually } from '../live/eventually.ts'
import { newDataDir } from '../live/parley.ts'
import { commandLine, isAlive, processTree } from '../live/process-tree.ts'
import { removeFolder } from '../live/remove-folder.ts'

/** A PostgreSQL in processes of its own, for several nodes. It is started again whenever it dies. */
export interface Database extends AsyncDisposable {
  url: string
  /** kill -9 of the postmaster and all its servers. Resolves when another one runs. */
  kill(): Promise<void>
}

/** @param folder of an earlier one, which stays; else it is a new one */
export async function startDatabase(folder?: string): Promise<Database> {
  await using opened = new AsyncDisposableStack()
  const dir = folder ?? newDataDir()
  if (folder === undefined) opened.defer(() => removeFolder(dir))
  const logger = opened.use(openLogger('silent'))
  const deps = { logger, monotonic: systemMonotonic(), ids: randomIds() }
  const { url } = opened.use(await startEmbedded(deps, dir))
  const postmaster = () =>
    processTree(process.pid).find((pid) => commandLine(pid).includes(`postgres -D ${dir}`))

  const resources = opened.move()
  return {
    url,
    async kill() {
      const victim = await eventually('The database to run', postmaster)
      for (const pid of processTree(victim)) if (isAlive(pid)) process.kill(pid, 'SIGKILL')
      await eventually('The database to run again', () => {
        const next = postmaster()
        return next === victim ? undefined : next
      })
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}
