import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Endpoint, login } from '@parley/client'
import { openLogger, randomIds, systemMonotonic } from '../../apps/server/src/base/kernel/index.ts'
import { startEmbedded } from '../../apps/server/src/base/postgres/index.ts'
import { filledDataDir, readBase } from '../fill/filled-base.ts'
import { eventually } from '../live/eventually.ts'
import { type FirstRun, startParley } from '../live/parley.ts'
import { startNode } from './cluster-node.ts'
import type { SmallDisk } from './small-disk.ts'
import { complain, type Finding, type Manner } from './storage-faults.ts'
import type { Talk } from './storage-talk.ts'

/** What the filled base takes, with what is written until the disk is full. */
export const DISK_MB = 2_400
const POLL_MS = 200
/** By then a node has noticed. */
const NOTICED_MS = 2_000
const MAX_COMEBACK_MS = 10_000

/** A node whose disk, or whose database's, can be filled up. */
export interface DiskBase extends AsyncDisposable {
  readonly disk: SmallDisk
  readonly firstRun: FirstRun
  /** The node knows the disk: its database runs on it. */
  readonly isOwn: boolean
  endpoint(): Endpoint
  /** What the node has printed. */
  output(): string
}

/** @param isOwn the node runs the database that comes with Parley; else another one, whose disk it does not see */
export async function openDiskBase(
  disk: SmallDisk,
  conversations: number,
  isOwn: boolean,
): Promise<DiskBase> {
  await using opened = new AsyncDisposableStack()
  const dataDir = join(disk.folder, 'data')
  mkdirSync(dataDir, { mode: 0o755 })
  await filledDataDir(conversations, dataDir)
  vacuumsAtOnce(dataDir)
  const { firstRun, secretsKey } = readBase(dataDir)
  if (isOwn) {
    const parley = opened.use(await startParley({ dataDir }))
    const resources = opened.move()
    return {
      disk,
      firstRun,
      isOwn,
      endpoint: () => parley.endpoint,
      output: parley.output,
      [Symbol.asyncDispose]: () => resources.disposeAsync(),
    }
  }
  const logger = opened.use(openLogger('silent'))
  const deps = { logger, monotonic: systemMonotonic(), ids: randomIds() }
  const { url } = opened.use(await startEmbedded(deps, join(dataDir, 'postgres')))
  const env = { DATABASE_URL: url, PARLEY_SECRETS_KEY: secretsKey }
  const node = opened.use(await startNode({ name: 'node on a full disk', env }))
  const resources = opened.move()
  return {
    disk,
    firstRun,
    isOwn,
    endpoint() {
      const endpoint = node.endpoint()
      if (!endpoint) throw new Error('The node is down')
      return endpoint
    },
    output: () => '',
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}

/** So that the database has much to write of its own will in the seconds that a disk is full. */
function vacuumsAtOnce(dataDir: string): void {
  const settings = {
    naptime: '1s',
    vacuum_threshold: 0,
    vacuum_scale_factor: 0,
    vacuum_insert_threshold: 0,
    vacuum_insert_scale_factor: 0,
  }
  const lines = Object.entries(settings).map(([name, value]) => `autovacuum_${name} = '${value}'\n`)
  appendFileSync(join(dataDir, 'postgres/cluster/postgresql.auto.conf'), lines.join(''))
}

/** The disk is full for a while: what writes is refused, reading goes on, and all is well by itself afterwards. */
export async function fullDisk(
  base: DiskBase,
  talk: Talk,
  { short, slowness }: Manner,
): Promise<Finding> {
  const FULL_MS = short ? 5_000 : 10_000
  const { url, accountId, bearer } = await login(base.endpoint(), base.firstRun.admin)
  const path = `${url}/api/v1/accounts/${accountId}`
  const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' }
  let nth = 0
  async function write() {
    nth += 1
    const body = JSON.stringify({ limits: { logEntries: 1 + (nth % 100) } })
    const reply = await fetch(`${path}/settings`, { method: 'PATCH', headers, body })
    const text = await reply.text()
    return { status: reply.status, retryAfter: reply.headers.get('retry-after'), text }
  }
  async function read(of: string): Promise<{ status: number; text: string }> {
    const reply = await fetch(`${path}/${of}`, { headers })
    return { status: reply.status, text: await reply.text() }
  }

  base.disk.fillUp()
  const fullAt = performance.now()
  const writes: Awaited<ReturnType<typeof write>>[] = []
  const reads: Awaited<ReturnType<typeof read>>[] = []
  let lateWrites = 0
  while (performance.now() - fullAt < FULL_MS * slowness.since(fullAt)) {
    base.disk.fillUp()
    const written = await write()
    writes.push(written)
    const noticedMs = NOTICED_MS * slowness.since(fullAt)
    if (written.status === 200 && performance.now() - fullAt > noticedMs) lateWrites += 1
    reads.push(await read('conversations?limit=5'), await read('settings'))
    await sleep(POLL_MS)
  }
  talk.take()
  base.disk.makeRoom()
  const roomAt = performance.now()
  await eventually('A message when there is room', () => talk.take().length > 0 || undefined)
  await eventually('A change when there is room', async () => {
    return (await write()).status === 200 || undefined
  })
  const comebackMs = performance.now() - roomAt
  const maxComebackMs = MAX_COMEBACK_MS * slowness.since(roomAt)
  const refused = writes.filter(({ status }) => status === 503)
  const odd = writes.filter(({ status }) => status !== 503 && status !== 200)
  const unread = reads.filter(({ status }) => status !== 200)
  return {
    measured: `${refused.length} of ${writes.length} changes refused, ${reads.length - unread.length} of ${reads.length} readings answered, served ${Math.round(comebackMs)} ms after there was room`,
    complaints: [
      ...complain(refused.length > 0 || !base.isOwn, 'No change was refused'),
      ...complain(
        odd.length === 0,
        `A change was answered with ${odd[0]?.status} ${odd[0]?.text}: ${errorsIn(base.output())}`,
      ),
      ...complain(
        refused.every(({ retryAfter }) => retryAfter !== null),
        'A change was refused without Retry-After',
      ),
      ...complain(!base.isOwn || lateWrites === 0, `${lateWrites} changes on a full disk`),
      ...complain(
        unread.length === 0,
        `Reading was answered with ${unread[0]?.status} ${unread[0]?.text}: ${errorsIn(base.output())}`,
      ),
      ...complain(comebackMs <= maxComebackMs, `Served only after ${Math.round(comebackMs)} ms`),
      ...complain(!base.isOwn || base.output().includes('MB left'), 'The start gave no warning'),
    ],
  }
}

/** What a node has logged first as its own failures: what came of that is less telling. */
function errorsIn(output: string): string {
  const errors = output.split('\n').filter((line) => line.includes('"level":50'))
  return errors.slice(0, 3).join('\n')
}
