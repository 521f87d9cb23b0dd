import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Endpoint } from '@parley/client'
import { BASE, filledDataDir, readBase } from '../fill/filled-base.ts'
import { eventually } from '../live/eventually.ts'
import type { FirstRun } from '../live/parley.ts'
import { startDatabase } from './cluster-database.ts'
import { startNode } from './cluster-node.ts'
import { removeFolder } from '../live/remove-folder.ts'

export interface Kill {
  victim: string
  /** By the clock of `performance.now()`. */
  at: number
}

export interface KillPlan {
  /** Kills of each node. */
  ofEachNode: number
  ofDatabase: number
  /** From the start of a node to its next kill, at least and at most. */
  pauseMs: readonly [number, number]
  /** Counts what the nodes have done: none is killed again before they have done something. */
  done: () => number
}

/** Two nodes on one database, which is filled. */
export interface Cluster extends AsyncDisposable {
  readonly firstRun: FirstRun
  readonly kills: readonly Kill[]
  /** Any node that is up. */
  endpoint(): Promise<Endpoint>
  /** Every node and the database, independently of each other, at random; at the end all are up. */
  killAtRandom(plan: KillPlan, tell: (kill: Kill, nth: number) => void): Promise<void>
}

export async function openCluster(options: {
  env: Record<string, string>
  logs?: string | undefined
}): Promise<Cluster> {
  await using opened = new AsyncDisposableStack()
  const dataDir = await filledDataDir(BASE)
  opened.defer(() => removeFolder(dataDir))
  const { firstRun, secretsKey } = readBase(dataDir)
  const database = opened.use(await startDatabase(join(dataDir, 'postgres')))
  const env = {
    ...options.env,
    DATABASE_URL: database.url,
    PARLEY_SECRETS_KEY: secretsKey,
  }
  const { logs } = options
  const first = opened.use(await startNode({ name: 'node A', env, logs }))
  const nodes = [first, opened.use(await startNode({ name: 'node B', env, logs }))]
  const kills: Kill[] = []

  async function killAtRandom(
    plan: KillPlan,
    tell: (kill: Kill, nth: number) => void,
  ): Promise<void> {
    async function kill(victim: string, end: () => Promise<void>): Promise<void> {
      const entry = { victim, at: performance.now() }
      const nth = kills.push(entry)
      await end()
      tell(entry, nth)
    }
    async function killNodes(node: (typeof nodes)[number]): Promise<void> {
      for (let times = 0; times < plan.ofEachNode; times++) {
        const before = plan.done()
        await sleep(randomInt(...plan.pauseMs))
        await eventually('The nodes to do something', () => plan.done() > before || undefined, {
          patienceMs: Infinity,
        })
        await kill(node.name, node.kill)
        await node.start()
      }
    }
    async function killDatabase(): Promise<void> {
      const share = (plan.ofEachNode * nodes.length) / plan.ofDatabase
      for (let done = 0; done < plan.ofDatabase; done++) {
        const due = Math.round(share * (done + 0.5)) + done
        await eventually('Its turn', () => kills.length >= due || undefined, {
          patienceMs: Infinity,
          pauseMs: 100,
        })
        await sleep(randomInt(1_000))
        await kill('the database', database.kill)
      }
    }
    await Promise.all([...nodes.map(killNodes), killDatabase()])
  }

  const resources = opened.move()
  return {
    firstRun,
    kills,
    endpoint: () =>
      eventually(
        'A node to be up',
        () => {
          const endpoints = nodes.flatMap((node) => node.endpoint() ?? [])
          return endpoints[endpoints.length > 1 ? randomInt(endpoints.length) : 0]
        },
        { patienceMs: 120_000, pauseMs: 100 },
      ),
    killAtRandom,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}
