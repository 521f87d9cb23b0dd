import { rmSync } from 'node:fs'
import { openLogger, randomIds, systemMonotonic } from '../../apps/server/src/base/kernel/index.ts'
import { startEmbedded } from '../../apps/server/src/base/postgres/index.ts'
import { eventually } from '../live/eventually.ts'
import { newDataDir } from '../live/parley.ts'
import { commandLine, isAlive, processTree } from '../live/process-tree.ts'

/** A PostgreSQL in processes of its own, for several nodes. It is started again whenever it dies. */
export interface Database extends AsyncDisposable {
  url: string
  /** kill -9 of the postmaster and all its servers. Resolves when another one runs. */
  kill(): Promise<void>
}

export async function startDatabase(): Promise<Database> {
  await using opened = new AsyncDisposableStack()
  const dir = newDataDir()
  opened.defer(() => rmSync(dir, { recursive: true, force: true }))
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
