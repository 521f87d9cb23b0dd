import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, expect, test } from 'vitest'
import { startEmbedded } from '#base/postgres'
import { openStore } from './open.ts'
import type { Store } from './store.ts'
import { storeDeps } from './store-deps.fixture.ts'
import { aFolder } from './folder.fixture.ts'
import { aFigure, aWrite } from './two-stores.fixture.ts'

const COMMITTING = join(import.meta.dirname, 'committing.fixture.ts')

const shared = aFolder()
const settings = { kind: 'embedded' as const, dir: shared.dir }
afterAll(() => shared[Symbol.dispose]())

test('commits come through while PostgreSQL is killed again and again', async () => {
  await using store = await openStore(storeDeps, settings)
  const writer = writing(store, 'k')

  for (const victims of [postmaster, everyServer, postmaster]) {
    const before = writer.acknowledged.length
    await until(() => writer.acknowledged.length >= before + 200)
    for (const pid of victims()) process.kill(pid, 'SIGKILL')
  }
  const before = writer.acknowledged.length
  await until(() => writer.acknowledged.length >= before + 200)
  await writer.stop()

  const { stored, versions } = await conversations(store, 'k')
  expect(writer.acknowledged.filter((id) => !stored.has(id))).toEqual([])
  // Each was sent once, so a commit that was made twice would have been stale the second time.
  expect(writer.odd).toEqual([])
  expect(new Set(versions)).toEqual(new Set([1]))
  expect(await countedOf(store)).toBe(stored.size)
})

test('Parley itself is killed: the next start finds all that was acknowledged', async () => {
  const acknowledged: string[] = []
  for (const prefix of ['p', 'q']) {
    const parley = await startProcess([process.execPath], shared.dir, prefix)
    await until(() => parley.acknowledged.length >= 50)
    parley.child.kill('SIGKILL')
    await once(parley.child, 'exit')
    acknowledged.push(...parley.acknowledged)
  }

  await using store = await openStore(storeDeps, settings)

  const stored = new Set([
    ...(await conversations(store, 'p')).stored,
    ...(await conversations(store, 'q')).stored,
  ])
  expect(acknowledged.filter((id) => !stored.has(id))).toEqual([])
  const { stored: before } = await conversations(store, 'k')
  expect(await countedOf(store)).toBe(before.size + stored.size)
})

test('a database that takes minutes to start, because it repeats its log, is waited for', async () => {
  using folder = aFolder()
  const { now, ...clock } = storeDeps.monotonic
  // Each millisecond is a minute.
  const monotonic = { ...clock, now: () => now() * 60_000 }

  await using postgres = await startEmbedded({ ...storeDeps, monotonic }, folder.dir, {
    isDurable: false,
  })

  expect(postgres.home).toBe(folder.dir)
})

test('a start right after a kill waits for what the kernel is still ending', async () => {
  const acknowledged: string[] = []
  for (let round = 0; round < 5; round++) {
    const parley = await startProcess([process.execPath], shared.dir, `r${round}-`)
    await until(() => parley.acknowledged.length >= 1 + round * 7)
    const ended = once(parley.child, 'exit')
    parley.child.kill('SIGKILL')

    await using store = await openStore(storeDeps, settings)

    acknowledged.push(...parley.acknowledged)
    const { stored } = await conversations(store, 'r')
    expect(acknowledged.filter((id) => !stored.has(id))).toEqual([])
    await ended
  }
})

test('pid files that name another program, or one that has ended, do not keep PostgreSQL from starting', async () => {
  await (await openStore(storeDeps, settings))[Symbol.asyncDispose]()
  const cluster = join(shared.dir, 'cluster')
  // Of the user that runs it: PostgreSQL takes those of others for none of its own.
  const { uid, gid } = statSync(cluster)
  const other = spawn('sleep', ['1000'], { uid, gid })
  // Its parent never asks for the end of this one.
  const careless = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 1000'], { uid, gid })
  const [said] = (await once(careless.stdout, 'data')) as [Buffer]
  const files = [join(cluster, 'postmaster.pid'), join(shared.dir, 'run/.s.PGSQL.5432.lock')]

  for (const pid of [other.pid, said.toString().trim()]) {
    for (const left of [files, files.slice(1)]) {
      for (const file of left) writeFileSync(file, `${pid}\n${cluster}\n`)
      await using store = await openStore(storeDeps, settings)
      const write = aWrite(`after-${pid}-${left.length}`, 0)
      expect(await store.commit(write)).toMatchObject({ status: 'applied' })
    }
  }
  for (const child of [other, careless]) child.kill('SIGKILL')
})

const asNobody: [string, ...string[]] = [
  'setpriv',
  '--reuid=65534',
  '--regid=65534',
  '--clear-groups',
  process.execPath,
]
const canBeNobody =
  process.getuid?.() === 0 &&
  spawnSync(asNobody[0], [...asNobody.slice(1), '--version']).status === 0

test.runIf(canBeNobody)('it works for an ordinary user too', async () => {
  using folder = aFolder()
  chmodSync(dirname(folder.dir), 0o777)

  const parley = await startProcess(asNobody, folder.dir, 'n')
  await until(() => parley.acknowledged.length >= 10)
  parley.child.kill('SIGKILL')
  await once(parley.child, 'exit')

  // Started by root once, PostgreSQL runs as a user of its own, which keeps the files.
  const openAsRoot = () => openStore(storeDeps, { kind: 'embedded', dir: folder.dir })
  await (await openAsRoot())[Symbol.asyncDispose]()
  const refused = spawnSync(asNobody[0], [...asNobody.slice(1), COMMITTING, folder.dir, 'm'], {
    encoding: 'utf8',
  })
  expect(refused.stderr).toContain(
    `Cannot start: the database in ${folder.dir}/cluster belongs to the user id 64480, and 65534 starts Parley`,
  )
  // The refused start has changed nothing that the database needs. Other volumes change modes.
  chmodSync(join(folder.dir, 'cluster'), 0o777)
  await using again = await openAsRoot()
  const { stored } = await conversations(again, 'n')
  expect(parley.acknowledged.filter((id) => !stored.has(id))).toEqual([])
})

/** Commits conversations, eight at a time, until it is stopped. */
function writing(store: Store, prefix: string) {
  const acknowledged: string[] = []
  const odd: string[] = []
  let isStopped = false
  let number = 0
  const work = async () => {
    while (!isStopped) {
      const id = `${prefix}${number++}`
      const { status } = await store.commit(aWrite(id, 0, { figures: [aFigure] }))
      if (status === 'applied') acknowledged.push(id)
      else odd.push(`${id} ${status}`)
    }
  }
  const workers = Promise.all(Array.from({ length: 8 }, work))
  return {
    acknowledged,
    odd,
    async stop() {
      isStopped = true
      await workers
    },
  }
}

/** What the figures have counted of the conversations that were written. */
async function countedOf({ db }: Store): Promise<number> {
  const rows = await db.selectFrom('figureMinute').select('count').execute()
  return rows.reduce((sum, { count }) => sum + count, 0)
}

async function conversations(store: Store, prefix: string) {
  const rows = await store.db
    .selectFrom('conversation')
    .select(['conversationId', 'version'])
    .where('conversationId', 'like', `${prefix}%`)
    .execute()
  return {
    stored: new Set(rows.map(({ conversationId }) => conversationId)),
    versions: rows.map(({ version }) => version),
  }
}

async function startProcess(command: [string, ...string[]], dir: string, prefix: string) {
  const [program, ...args] = [...command, COMMITTING, dir, prefix]
  const child: ChildProcess = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const acknowledged: string[] = []
  const ready = Promise.withResolvers<void>()
  child.once('exit', (code) => ready.reject(new Error(`Ended with ${code}`)))
  if (child.stdout) {
    createInterface(child.stdout).on('line', (line) => {
      if (line === 'ready') ready.resolve()
      else acknowledged.push(line)
    })
  }
  await ready.promise
  return { child, acknowledged }
}

function postmaster(): number[] {
  return [Number(readFileSync(join(shared.dir, 'cluster/postmaster.pid'), 'utf8').split('\n')[0])]
}

function everyServer(): number[] {
  const [parent] = postmaster()
  const children = readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false
    const stat = spawnSync('cat', [`/proc/${pid}/stat`], { encoding: 'utf8' }).stdout
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] === String(parent)
  })
  return [...postmaster(), ...children.map(Number)]
}

async function until(isTrue: () => boolean): Promise<void> {
  await expect.poll(isTrue, { interval: 5 }).toBe(true)
}
