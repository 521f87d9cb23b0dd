import { join } from 'node:path'
import pg from 'pg'
import type { Endpoint } from '@parley/client'
import { openLogger, randomIds, systemMonotonic } from '../../apps/server/src/base/kernel/index.ts'
import { startEmbedded } from '../../apps/server/src/base/postgres/index.ts'
import { type DatabaseProxy, openDatabaseProxy } from '../../apps/server/testing/tcp-proxy.ts'
import { filledDataDir, readBase } from '../fill/filled-base.ts'
import type { FirstRun } from '../live/parley.ts'
import { type ClusterNode, startNode } from './cluster-node.ts'
import { removeFolder } from '../live/remove-folder.ts'

/** A node on a filled database, with a network between them that can fall silent. */
export interface StorageBase extends AsyncDisposable {
  readonly firstRun: FirstRun
  /** Of the database itself, past the network. */
  readonly client: pg.Client
  readonly network: DatabaseProxy
  readonly node: ClusterNode
  endpoint(): Endpoint
  /** One more session with the database. */
  connect(): Promise<pg.Client & AsyncDisposable>
  /** One more node, which reaches the database past the network. */
  startAnother(name: string, env: Record<string, string>): Promise<ClusterNode>
}

export async function openStorageBase(conversations: number): Promise<StorageBase> {
  await using opened = new AsyncDisposableStack()
  const dataDir = await filledDataDir(conversations)
  opened.defer(() => removeFolder(dataDir))
  const logger = opened.use(openLogger('silent'))
  const deps = { logger, monotonic: systemMonotonic(), ids: randomIds() }
  const { url } = opened.use(await startEmbedded(deps, join(dataDir, 'postgres')))
  const network = opened.use(await openDatabaseProxy(url))
  const { firstRun, secretsKey } = readBase(dataDir)
  const env = { PARLEY_SECRETS_KEY: secretsKey }
  const node = opened.use(
    await startNode({ name: 'node A', env: { ...env, DATABASE_URL: network.url } }),
  )
  async function connect(): Promise<pg.Client & AsyncDisposable> {
    const client = new pg.Client(url)
    client.on('error', () => undefined)
    await client.connect()
    return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() })
  }
  const client = opened.use(await connect())
  const resources = opened.move()
  return {
    firstRun,
    client,
    network,
    node,
    connect,
    endpoint() {
      const endpoint = node.endpoint()
      if (!endpoint) throw new Error('The node is down')
      return endpoint
    },
    startAnother: (name, more) => startNode({ name, env: { ...env, ...more, DATABASE_URL: url } }),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}
